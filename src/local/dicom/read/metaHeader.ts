import { elementText, type DicomDataset, type DicomElement } from '../dataset.ts';
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
import { tagText } from './readValues.ts';

/** Where the data set begins, and how it is encoded. */
export interface DatasetStart {
  readonly transferSyntaxUid: string;
  readonly encoding: ElementEncoding;
  readonly offset: number;
  /** Whether the file itself names its transfer syntax. */
  readonly isGuessed: boolean;
  readonly meta: DicomDataset;
}

const noMeta: DicomDataset = new Map();
/** Of a value in bytes, which a document has in base64. */
const maximumMetaBytes = 1_024;

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
  const transferSyntaxUid = elementText(meta, '00020010')?.trim();
  if (transferSyntaxUid === undefined || transferSyntaxUid === '') {
    return { ...guessEncoding(window, end), offset: end, isGuessed: true, meta };
  }
  return { transferSyntaxUid, encoding: encodingOf(transferSyntaxUid), offset: end, isGuessed: false, meta };
}

function metaHeaderOffset(window: ByteWindow): number | undefined {
  if (textAt(window, preambleLength, 4) === 'DICM') return preambleLength + 4;
  // Some writers leave out the preamble; like dcmtk and pydicom, start at the prefix then, or at group 0002.
  if (textAt(window, 0, 4) === 'DICM') return 4;
  const startsWithGroupTwo = textAt(window, 0, 2) === '\u0002\u0000' && hasKnownVr(window, 0);
  return startsWithGroupTwo || textAt(window, 0, 8) === implicitGroupLength ? 0 : undefined;
}

/** (0002,0000) as it is without a value representation, which some writers leave out here too. */
const implicitGroupLength = '\u0002\u0000\u0000\u0000\u0004\u0000\u0000\u0000';

/** Reads group 0002, which is explicit VR little endian in nearly every file. The group length is not trusted. */
function readGroupTwo(window: ByteWindow, offset: number, meta: Map<string, DicomElement>): number {
  const parser = new DatasetParser(window, offset);
  const characterSet = characterSetOf('');
  const encoding = explicitLittleEndian;
  while (textAt(window, parser.position, 2) === '\u0002\u0000') {
    const { tag, vr, valueStart, length } = readElementHeader(window, parser.position, encoding);
    const end = valueStart + length;
    parser.readElements(meta, { encoding, characterSet, depth: 1, end, delimited: false });
    if (vr.kind === 'bulk' && length <= maximumMetaBytes)
      meta.set(tagText(tag), { vr: vr.name, values: [window.slice(valueStart, length).toString('base64')] });
  }
  return parser.position;
}

/**
 * A data set without a meta header, maybe behind the command that it was sent with: accepted only if its first two elements leave no
 * doubt.
 */
function bareDataset(window: ByteWindow): DatasetStart {
  const offset = endOfCommandSet(window);
  const groupEight = textAt(window, offset, 2);
  if (groupEight === '\u0008\u0000') {
    const guess = guessEncoding(window, offset);
    if (followsInGroupEight(window, offset, guess.encoding))
      return { ...guess, offset, isGuessed: true, meta: noMeta };
  } else if (groupEight === '\u0000\u0008' && hasKnownVr(window, offset)) {
    const encoding = explicitBigEndian;
    const transferSyntaxUid = transferSyntaxes.explicitBigEndian;
    if (followsInGroupEight(window, offset, encoding))
      return { transferSyntaxUid, encoding, offset, isGuessed: true, meta: noMeta };
  }
  throw new DicomFileError(dicomFileReasons.notDicom);
}

/** PS3.7 6.3.1: a command set is group 0000 in implicit VR little endian, and begins with its length. */
function endOfCommandSet(window: ByteWindow): number {
  if (textAt(window, 0, 8) !== '\u0000\u0000\u0000\u0000\u0004\u0000\u0000\u0000') return 0;
  if (window.size < 12) return 0;
  const end = 12 + window.slice(8, 4).readUInt32LE(0);
  return end <= window.size ? end : 0;
}

/** Whether the second element is in group 0008 too, comes after the first and, if explicit, has a known VR. */
function followsInGroupEight(window: ByteWindow, offset: number, encoding: ElementEncoding): boolean {
  try {
    const first = readElementHeader(window, offset, encoding);
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
