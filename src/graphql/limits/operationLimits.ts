/** Bounds of what a document may ask, before any value of its variables is looked at. */
export interface OperationLimits {
  /** Levels of fields, `{ a { b } }` being two; introspection apart. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the root type, `__typename` apart. */
  readonly rootFields: number;
  readonly directives: number;
  /** Fields, spreads and inline fragments, those of a fragment counted wherever it is spread. */
  readonly selections: number;
}

/** What an operation can be too large in: the label of the metric and the name in the log. */
export type LimitName =
  | 'tokens'
  | 'selections'
  | 'depth'
  | 'aliases'
  | 'root_fields'
  | 'directives'
  | 'introspection'
  | 'cost'
  | 'rate';

/** Tells of each operation beyond a limit, be it refused or let pass. */
export type CountExcess = (limit: LimitName, outcome: 'refused' | 'passed') => void;

export interface Excess {
  readonly limit: LimitName;
  /** What was expected; of the limit and its bound, nothing of the document. */
  readonly message: string;
}
