/** Where audit events go. */
export interface AuditLog {
  /** Resolves when every line is where it should be, whatever happens afterwards; rejects when that cannot be said. */
  readonly write: (lines: readonly string[]) => Promise<void>;
  /** Whether events can be written; tries, after it has failed. */
  readonly isWritable: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}
