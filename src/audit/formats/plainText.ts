/** What neither XML 1.0 (production 2, Char) nor a string of FHIR may hold. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
/** White space that FHIR's string excludes: its pattern is `[ \r\n\t\S]+`. */
const otherBlanks = /[^\S \t\r\n]/gu;

/** Text as both forms may hold it: what may not stand in them is replaced, never dropped unseen. */
export function plainText(text: string): string {
  const plain = text.toWellFormed().replace(forbidden, '\uFFFD').replace(otherBlanks, ' ');
  return plain === '' ? '\uFFFD' : plain;
}
