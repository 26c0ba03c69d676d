/** Characters that XML 1.0 (production 2, Char) and FHIR's strings exclude. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
/** White space that FHIR's strings exclude: their pattern is `[ \r\n\t\S]+`. */
const otherBlanks = /[^\S \t\r\n]/gu;

/** Text that both formats can hold; other characters are replaced rather than removed, so that it shows. */
export function plainText(text: string): string {
  const plain = text.toWellFormed().replace(forbidden, '\uFFFD').replace(otherBlanks, ' ');
  return plain === '' ? '\uFFFD' : plain;
}
