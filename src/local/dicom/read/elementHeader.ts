import { itemTag } from '../itemTags.ts';
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
  if (isItem || !encoding.explicit || !looksLikeValueRepresentation(code)) {
    const vr = isItem ? unknownVr : implicitVr(tagText(tag), signedPixels);
    const length = readUInt32(bytes, index + 4, littleEndian);
    return { tag, vr, vrName: vr.name, length, start, valueStart: start + 8 };
  }
  const vr = valueRepresentationOfCode(code);
  if (vr?.longForm === true) {
    const lengthIndex = window.hold(start + 8, 4);
    const length = readUInt32(window.bytes, lengthIndex, littleEndian);
    return { tag, vr, vrName: vr.name, length, start, valueStart: start + 12 };
  }
  const length = littleEndian ? bytes.readUInt16LE(index + 6) : bytes.readUInt16BE(index + 6);
  return { tag, vr: vr ?? unknownVr, vrName: vr?.name ?? 'UN', length, start, valueStart: start + 8 };
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

function readUInt32(bytes: Buffer, index: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt32LE(index) : bytes.readUInt32BE(index);
}
