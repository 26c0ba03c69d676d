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

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((total, each) => total + membersOf(each), own);
}
