import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { elementText, type DicomDataset, type DicomElement, type DicomInstance } from '../dataset.ts';
import { characterSetOf } from '../text/characterSets.ts';
import { isDeflated } from '../transferSyntax.ts';
import { ByteWindow } from './byteWindow.ts';
import { DatasetParser, type DatasetScope } from './datasetParser.ts';
import { DicomFileError, dicomFileReasons, type DicomFileReason } from './dicomFileError.ts';
import type { ElementHeader } from './elementHeader.ts';
import { inflateDataset } from './inflateDataset.ts';
import { readMetaHeader, type DatasetStart } from './metaHeader.ts';
import { skipPixelData, type PixelData } from './pixelData.ts';
import { tagText } from './readValues.ts';

/**
 * Reads a DICOM file (PS3.10) of any transfer syntax. Of the pixel data only the extent and the checksum are kept.
 *
 * Memory is bounded by the header's length and the parser's bounds, plus 256 MB for a deflated data set; pixel data is read in pieces.
 * @throws DicomFileError for a file that is not a DICOM instance, or not a whole one; errors of the file system as they are
 */
export function readP10(path: string): Promise<DicomInstance> {
  // Synchronous: reading from the page cache is faster than handing it to another thread and back.
  return new Promise((resolve) => {
    const file = openSync(path, 'r');
    try {
      resolve(readWindow(ByteWindow.overFile(file)));
    } finally {
      closeSync(file);
    }
  });
}

/** Like `readP10`, from memory. */
export function readP10Bytes(bytes: Buffer): DicomInstance {
  return readWindow(ByteWindow.overBytes(bytes));
}

function readWindow(file: ByteWindow): DicomInstance {
  const start = readMetaHeader(file);
  const { transferSyntaxUid } = start;
  if (!isDeflated(transferSyntaxUid)) return readInstance(file, start);
  const inflated = inflateDataset(file.slice(start.offset, file.size - start.offset));
  return readInstance(ByteWindow.overBytes(inflated), { ...start, offset: 0 });
}

function readInstance(window: ByteWindow, start: DatasetStart): DicomInstance {
  const { transferSyntaxUid, encoding, offset } = start;
  const dataset = new Map<string, DicomElement>();
  const parser = new DatasetParser(window, offset);
  const scope = { encoding, characterSet: characterSetOf(''), depth: 0, end: window.size, delimited: false };
  const header = parser.readElements(dataset, scope);
  const identifiers = identify(dataset);
  const pixelData = header === undefined ? undefined : readPixelData(parser, header, dataset, scope);
  const pixelsEnd = parser.position;
  if (header !== undefined) readOn(window, parser, dataset, scope);
  const headerEnd = header?.start ?? window.size;
  return {
    transferSyntaxUid,
    hasMetaHeader: start.hasMetaHeader,
    ...identifiers,
    dataset,
    frameCount: pixelData?.frameCount ?? 0,
    ...(pixelData?.frameSizeInBytes !== undefined && { frameSizeInBytes: pixelData.frameSizeInBytes }),
    hasPixelData: pixelData !== undefined,
    headerBytes: headerEnd - offset,
    digest: digestOf(window, start, headerEnd, pixelsEnd),
  };
}

/** Pixel data goes in as a CRC-32, which HealthImaging's own metadata has too: it keeps up with the disk, where SHA-256 does not. */
function digestOf(
  window: ByteWindow,
  { transferSyntaxUid, offset }: DatasetStart,
  headerEnd: number,
  pixelsEnd: number,
): string {
  const digest = createHash('sha256').update(`${transferSyntaxUid}\n`);
  window.forEachPiece(offset, headerEnd, (piece) => digest.update(piece));
  let checksum = 0;
  window.forEachPiece(headerEnd, pixelsEnd, (piece) => (checksum = crc32(piece, checksum)));
  return digest.update(`\n${pixelsEnd - headerEnd} ${checksum}`).digest('hex');
}

function identify(dataset: DicomDataset) {
  const sopClassUid = elementText(dataset, '00080016');
  return {
    sopClassUid: sopClassUid === '' ? undefined : sopClassUid,
    sopInstanceUid: required(dataset, '00080018', dicomFileReasons.noSopInstanceUid),
    seriesInstanceUid: required(dataset, '0020000E', dicomFileReasons.noSeriesInstanceUid),
    studyInstanceUid: required(dataset, '0020000D', dicomFileReasons.noStudyInstanceUid),
  };
}

function required(dataset: DicomDataset, tag: string, reason: DicomFileReason): string {
  const text = elementText(dataset, tag);
  if (text === undefined || text === '') throw new DicomFileError(reason);
  // PS3.5 9.1, and the pattern of HealthImaging's model: a search could not ask for any other.
  if (!/^[0-9.]{1,64}$/.test(text)) throw new DicomFileError(dicomFileReasons.invalidUid);
  return text;
}

function readPixelData(
  parser: DatasetParser,
  header: ElementHeader,
  dataset: Map<string, DicomElement>,
  scope: DatasetScope,
): PixelData {
  const { littleEndian } = scope.encoding;
  const pixelData = skipPixelData(parser, header, dataset, { end: scope.end, littleEndian });
  dataset.set(tagText(header.tag), { vr: header.vrName, values: [] });
  return pixelData;
}

/** Reads what follows the pixel data: padding, signatures, private groups. A second pixel data element is skipped. */
function readOn(
  window: ByteWindow,
  parser: DatasetParser,
  dataset: Map<string, DicomElement>,
  scope: DatasetScope,
): void {
  while (parser.position < window.size && !isPadding(window, parser.position)) {
    const header = parser.readElements(dataset, { ...scope, characterSet: characterSetIn(dataset) });
    if (header !== undefined) readPixelData(parser, header, dataset, scope);
  }
}

/** Whether the rest is too short for an element, and all zeros. */
function isPadding(window: ByteWindow, position: number): boolean {
  const length = window.size - position;
  return length < 8 && window.slice(position, length).every((byte) => byte === 0);
}

function characterSetIn(dataset: DicomDataset) {
  return characterSetOf(elementText(dataset, '00080005') ?? '');
}
