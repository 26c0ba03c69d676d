/** How the elements of a data set are encoded (PS3.5 annex A). */
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

/** PS3.5 A.4 and 10: all other syntaxes, future ones included, are explicit VR little endian. */
const otherEncodings = new Map<string, ElementEncoding>([
  [transferSyntaxes.implicitLittleEndian, implicitLittleEndian],
  [transferSyntaxes.explicitBigEndian, explicitBigEndian],
  // Papyrus 3, and GE's private syntax in which only the pixels are big endian.
  ['1.2.840.10008.1.20', implicitLittleEndian],
  ['1.2.840.113619.5.2', implicitLittleEndian],
]);

/** What follows the meta header is deflated (PS3.5 A.5), as in the JPIP "deflate" syntaxes (A.7, A.9). */
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
