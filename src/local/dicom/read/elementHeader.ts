import { itemDelimiter, itemTag, sequenceDelimiter, undefinedLength } from '../itemTags.ts';
import type { ElementEncoding } from '../transferSyntax.ts';
import {
  looksLikeValueRepresentation,
  valueRepresentation,
  valueRepresentationOfCode,
  type ValueRepresentation,
} from '../valueRepresentations.ts';
import type { ByteWindow } from './byteWindow.ts';
import { implicitVr } from './implicitVr.ts';
import { tagText } from './readValues.ts';

export interface ElementHeader {
  readonly tag: number;
  readonly vr: ValueRepresentation;
  /** As the file has it. Differs from the name of `vr` where that is UN, or a name not known here. */
  readonly vrName: string;
  readonly length: number;
  /** Offset of the header. */
  readonly start: number;
  /** Offset of the value. */
  readonly valueStart: number;
  /** Whether the file has letters there that are no value representation of DICOM. */
  readonly isOdd?: true;
}

/** The last tag of the range that holds items and delimiters. */
const lastItemTag = 0xfffee0ff;

const unknownVr = valueRepresentation('UN');

/**
 * Reads the header of an element, an item or a delimiter, in any of the three forms that `datasetParser.ts` shows.
 * @param signedPixels whether Pixel Representation (0028,0103) is 1, which settles some implicit value representations
 * @throws DicomFileError when the file ends within it
 */
export function readElementHeader(
  window: ByteWindow,
  start: number,
  encoding: ElementEncoding,
  signedPixels = false,
): ElementHeader {
  const { littleEndian } = encoding;
  const index = window.hold(start, 8);
  const { bytes } = window;
  const tag = readTag(bytes, index, littleEndian);
  const isItem = tag >= itemTag && tag <= lastItemTag;
  const code = bytes.readUInt16BE(index + 4);
  const form = isItem || !encoding.explicit ? 'implicit' : formOf(window, start, code, littleEndian);
  if (form === 'implicit') {
    const vr = isItem ? unknownVr : implicitVr(tagText(tag), signedPixels);
    const length = readUInt32(bytes, index + 4, littleEndian);
    return { tag, vr, vrName: vr.name, length, start, valueStart: start + 8 };
  }
  const known = valueRepresentationOfCode(code);
  const vr = known ?? unknownVr;
  const odd = known === undefined && ({ isOdd: true } as const);
  if (form === 'long') {
    const lengthIndex = window.hold(start + 8, 4);
    const length = readUInt32(window.bytes, lengthIndex, littleEndian);
    return { tag, vr, vrName: vr.name, length, start, valueStart: start + 12, ...odd };
  }
  const length = readUInt16(bytes, index + 6, littleEndian);
  return { tag, vr, vrName: vr.name, length, start, valueStart: start + 8, ...odd };
}

/** The form of an element in explicit VR. */
function formOf(
  window: ByteWindow,
  start: number,
  code: number,
  littleEndian: boolean,
): 'short' | 'long' | 'implicit' {
  const vr = valueRepresentationOfCode(code);
  if (vr !== undefined) return vr.longForm ? 'long' : 'short';
  if (looksLikeValueRepresentation(code)) return isLongForm(window, start, littleEndian) ? 'long' : 'short';
  return isOddExplicit(window, start, littleEndian) ? 'short' : 'implicit';
}

/**
 * Whether an element whose value representation is not known here has the long form, as PS3.5 7.1.2 has it for those to come. Some
 * writers give their own the short one: the two bytes that the long one reserves are a length then.
 */
function isLongForm(window: ByteWindow, start: number, littleEndian: boolean): boolean {
  if (start + 12 > window.size) return false;
  const index = window.hold(start, 12);
  const length = readUInt32(window.bytes, index + 8, littleEndian);
  const fits = length === undefinedLength || start + 12 + length <= window.size;
  return readUInt16(window.bytes, index + 6, littleEndian) === 0 && fits;
}

/**
 * Whether an element has two bytes for its value representation that are no letters, and the short form: as dcmtk, which takes them
 * for that, and unlike pydicom, which takes them for a part of an implicit length. It has if another element follows.
 */
export function isOddExplicit(window: ByteWindow, start: number, littleEndian: boolean): boolean {
  if (start + 8 > window.size) return false;
  const index = window.hold(start, 8);
  const tag = readTag(window.bytes, index, littleEndian);
  const length = readUInt16(window.bytes, index + 6, littleEndian);
  const end = start + 8 + length;
  if (end === window.size) return length > 0;
  if (end + 8 > window.size) return false;
  const nextIndex = window.hold(end, 8);
  const next = readTag(window.bytes, nextIndex, littleEndian);
  if (next === itemDelimiter || next === sequenceDelimiter) return true;
  return next > tag && valueRepresentationOfCode(window.bytes.readUInt16BE(nextIndex + 4)) !== undefined;
}

/** Whether there is an element, an item, a delimiter, or the end of the file. */
export function goesOn(
  window: ByteWindow,
  start: number,
  { explicit, littleEndian }: ElementEncoding,
): boolean {
  if (start === window.size) return true;
  if (start + 8 > window.size) return false;
  const index = window.hold(start, 8);
  const tag = readTag(window.bytes, index, littleEndian);
  if (tag >= itemTag && tag <= lastItemTag) return true;
  if (tag < 0x00080000 || tag > 0x7fe0ffff) return false;
  if (explicit) return valueRepresentationOfCode(window.bytes.readUInt16BE(index + 4)) !== undefined;
  return start + 8 + readUInt32(window.bytes, index + 4, littleEndian) <= window.size;
}

/**
 * The tag and length of an item or a delimiter: eight bytes.
 * @param index of its first byte in `bytes`
 */
export function readItemHeader(
  bytes: Buffer,
  index: number,
  littleEndian: boolean,
): { tag: number; length: number } {
  return {
    tag: readTag(bytes, index, littleEndian),
    length: readUInt32(bytes, index + 4, littleEndian),
  };
}

/** Group and element, each in the data set's byte order. */
function readTag(bytes: Buffer, index: number, littleEndian: boolean): number {
  return littleEndian
    ? bytes.readUInt16LE(index) * 0x10000 + bytes.readUInt16LE(index + 2)
    : bytes.readUInt32BE(index);
}

function readUInt16(bytes: Buffer, index: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt16LE(index) : bytes.readUInt16BE(index);
}

function readUInt32(bytes: Buffer, index: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt32LE(index) : bytes.readUInt32BE(index);
}
