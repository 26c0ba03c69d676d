/** A store that cannot be opened. The message says what was expected and what to do. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** SQLite's result code, such as 5 for SQLITE_BUSY; undefined for an error that is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  // Not `instanceof`: under Jest an error of node:sqlite comes from another realm.
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code : undefined;
}
