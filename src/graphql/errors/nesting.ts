/**
 * Whether a value that came as JSON has more levels of lists and objects than allowed. Without recursion: what goes over
 * values level by level, as graphql-js does, runs out of stack at some thousands of them.
 */
export function isNestedBeyond(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
