/** A string of JSON, and the colon after it where it names a member. */
const stringAndColon = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Whether an object anywhere in a text of JSON has a member twice. Parsers differ in which one they see (RFC 8259,
 * section 4), and RFC 7519, section 4, lets such claims be refused.
 * @param parsed what JSON.parse made of the text
 */
export function hasRepeatedMembers(text: string, parsed: unknown): boolean {
  const written = [...text.matchAll(stringAndColon)].filter(([, colon]) => colon !== undefined).length;
  return written !== membersOf(parsed);
}

/** Without recursion: a token of 8 KB can nest deeper than the stack reaches. */
function membersOf(root: unknown): number {
  let total = 0;
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) total += inner.length;
    pending.push(...inner);
  }
  return total;
}
