/** As a reviver: half of a surrogate pair is no character, and can be in no file. */
export function demandWellFormed(name: string, value: unknown): unknown {
  if (name.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new SyntaxError('expected no surrogate alone');
}
