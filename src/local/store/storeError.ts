/** A store that cannot be opened as it is. Its message says what was expected and what to do. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** SQLite's result code of an error, such as 5 for SQLITE_BUSY; undefined when it is none of SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  // By shape: an error of node:sqlite may come from another realm, where `instanceof` does not reach.
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code : undefined;
}
