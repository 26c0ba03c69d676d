/** How the elements of a data set are written (PS3.5 annex A). */
export interface ElementEncoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
} as const;

export const implicitLittleEndian: ElementEncoding = { explicit: false, littleEndian: true };
export const explicitLittleEndian: ElementEncoding = { explicit: true, littleEndian: true };
export const explicitBigEndian: ElementEncoding = { explicit: true, littleEndian: false };

/** PS3.5 A.4 and 10: every syntax but these few is explicit VR little endian, and so is any yet to come. */
const otherEncodings = new Map<string, ElementEncoding>([
  [transferSyntaxes.implicitLittleEndian, implicitLittleEndian],
  [transferSyntaxes.explicitBigEndian, explicitBigEndian],
  // Papyrus 3, and GE's private syntax whose pixels alone are big endian: implicit VR little endian elements.
  ['1.2.840.10008.1.20', implicitLittleEndian],
  ['1.2.840.113619.5.2', implicitLittleEndian],
]);

/** PS3.5 A.5, A.7 and A.9: what follows the meta header is deflated; so it is under the JPIP "deflate" syntaxes. */
const deflatedSyntaxes: ReadonlySet<string> = new Set([
  transferSyntaxes.deflatedExplicitLittleEndian,
  '1.2.840.10008.1.2.4.95',
  '1.2.840.10008.1.2.4.205',
]);

export function encodingOf(transferSyntaxUid: string): ElementEncoding {
  return otherEncodings.get(transferSyntaxUid) ?? explicitLittleEndian;
}

export function isDeflated(transferSyntaxUid: string): boolean {
  return deflatedSyntaxes.has(transferSyntaxUid);
}
