/** Bounds of a document's operations, checked before any value of a variable is looked at. */
export interface OperationLimits {
  /** Levels of fields: `{ a { b } }` has two. Introspection is bounded on its own. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the root type, other than `__typename` and `_entities`. */
  readonly rootFields: number;
  readonly directives: number;
  /** Fields, spreads and inline fragments, those of a fragment counted at every spread. */
  readonly selections: number;
}

/** The limits that an operation can exceed, as the metric's label and the log name them. */
export type LimitName =
  | 'tokens'
  | 'nesting'
  | 'lines'
  | 'names'
  | 'selections'
  | 'depth'
  | 'aliases'
  | 'root_fields'
  | 'entities'
  | 'directives'
  | 'repeats'
  | 'introspection'
  | 'cost'
  | 'rate';

/** Is told of each operation that exceeds a limit. */
export interface ExcessReport {
  refused(limit: LimitName): void;
  passed(limit: LimitName, request: { readonly requestId: string }): void;
}

export interface Excess {
  readonly limit: LimitName;
  /** The limit and its bound; nothing of the document. */
  readonly message: string;
}
