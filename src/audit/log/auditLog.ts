/** Where audit events go. */
export interface AuditLog {
  /** Resolves when every line is written for good; rejects when that is not certain. */
  readonly write: (lines: readonly string[]) => Promise<void>;
  /** Whether events can be written; after a failure it tries to. */
  readonly isWritable: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}
