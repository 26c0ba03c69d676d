import { elementText, type DicomElement } from '../dataset.ts';
import { characterSetOf } from '../text/characterSets.ts';
import {
  encodingOf,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntaxes,
  type ElementEncoding,
} from '../transferSyntax.ts';
import { valueRepresentationOfCode } from '../valueRepresentations.ts';
import type { ByteWindow } from './byteWindow.ts';
import { DatasetParser } from './datasetParser.ts';
import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';
import { readElementHeader } from './elementHeader.ts';

/** Where the data set begins, and how it is encoded. */
export interface DatasetStart {
  readonly transferSyntaxUid: string;
  /** Whether the meta header has it. */
  readonly hasMetaHeader: boolean;
  readonly encoding: ElementEncoding;
  readonly offset: number;
}

const preambleLength = 128;
const directoryStorage = '1.2.840.10008.1.3.10';

/**
 * Reads the preamble and the meta header (PS3.10 section 7.1), where the file has them.
 * @throws DicomFileError for a file that is not DICOM, and for a DICOMDIR
 */
export function readMetaHeader(window: ByteWindow): DatasetStart {
  const offset = metaHeaderOffset(window);
  if (offset === undefined) return bareDataset(window);
  const meta = new Map<string, DicomElement>();
  const end = readGroupTwo(window, offset, meta);
  if (elementText(meta, '00020002') === directoryStorage) {
    throw new DicomFileError(dicomFileReasons.dicomDirectory);
  }
  const transferSyntaxUid = elementText(meta, '00020010');
  if (transferSyntaxUid === undefined || transferSyntaxUid === '') {
    return { ...guessEncoding(window, end), hasMetaHeader: false, offset: end };
  }
  return { transferSyntaxUid, hasMetaHeader: true, encoding: encodingOf(transferSyntaxUid), offset: end };
}

function metaHeaderOffset(window: ByteWindow): number | undefined {
  if (textAt(window, preambleLength, 4) === 'DICM') return preambleLength + 4;
  // Some writers leave out the preamble; like dcmtk and pydicom, start at the prefix then, or at group 0002.
  if (textAt(window, 0, 4) === 'DICM') return 4;
  const startsWithGroupTwo = textAt(window, 0, 2) === '\u0002\u0000' && hasKnownVr(window, 0);
  return startsWithGroupTwo ? 0 : undefined;
}

/** Reads group 0002, which is explicit VR little endian in every file. The group length is not trusted. */
function readGroupTwo(window: ByteWindow, offset: number, meta: Map<string, DicomElement>): number {
  const parser = new DatasetParser(window, offset);
  const characterSet = characterSetOf('');
  const encoding = explicitLittleEndian;
  while (textAt(window, parser.position, 2) === '\u0002\u0000') {
    const { valueStart, length } = readElementHeader(window, parser.position, encoding);
    const end = valueStart + length;
    parser.readElements(meta, { encoding, characterSet, depth: 1, end, delimited: false });
  }
  return parser.position;
}

/** A data set without a meta header: accepted only if its first two elements leave no doubt. */
function bareDataset(window: ByteWindow): DatasetStart {
  const groupEight = textAt(window, 0, 2);
  if (groupEight === '\u0008\u0000') {
    const guess = guessEncoding(window, 0);
    if (followsInGroupEight(window, guess.encoding)) return { ...guess, hasMetaHeader: false, offset: 0 };
  } else if (groupEight === '\u0000\u0008' && hasKnownVr(window, 0)) {
    const encoding = explicitBigEndian;
    const transferSyntaxUid = transferSyntaxes.explicitBigEndian;
    if (followsInGroupEight(window, encoding))
      return { transferSyntaxUid, hasMetaHeader: false, encoding, offset: 0 };
  }
  throw new DicomFileError(dicomFileReasons.notDicom);
}

/** Whether the second element is in group 0008 too, comes after the first and, if explicit, has a known VR. */
function followsInGroupEight(window: ByteWindow, encoding: ElementEncoding): boolean {
  try {
    const first = readElementHeader(window, 0, encoding);
    // What can come first in group 0008 is short: group length, length to end, character set, image type, dates, SOP class.
    if (first.length > 256) return false;
    const at = first.valueStart + first.length;
    const second = readElementHeader(window, at, encoding);
    if (encoding.explicit && !hasKnownVr(window, at)) return false;
    return second.tag > first.tag && second.tag <= 0x0008ffff && at + second.length <= window.size;
  } catch (error) {
    if (error instanceof DicomFileError) return false;
    throw error;
  }
}

/** Guesses from the first element, for a file without a transfer syntax (pydicom issue 258; PS3.10 has no rule for it). */
function guessEncoding(
  window: ByteWindow,
  offset: number,
): Pick<DatasetStart, 'transferSyntaxUid' | 'encoding'> {
  if (!hasKnownVr(window, offset)) {
    return { transferSyntaxUid: transferSyntaxes.implicitLittleEndian, encoding: implicitLittleEndian };
  }
  const index = window.hold(offset, 2);
  // The first group of a data set is below 0100, so its high byte is zero.
  return window.bytes[index] === 0
    ? { transferSyntaxUid: transferSyntaxes.explicitBigEndian, encoding: explicitBigEndian }
    : { transferSyntaxUid: transferSyntaxes.explicitLittleEndian, encoding: explicitLittleEndian };
}

function hasKnownVr(window: ByteWindow, offset: number): boolean {
  if (offset + 6 > window.size) return false;
  const index = window.hold(offset + 4, 2);
  return valueRepresentationOfCode(window.bytes.readUInt16BE(index)) !== undefined;
}

function textAt(window: ByteWindow, offset: number, length: number): string {
  return offset + length > window.size ? '' : window.slice(offset, length).toString('latin1');
}
