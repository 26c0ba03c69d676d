import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { elementText, type DicomDataset, type DicomElement, type DicomInstance } from '../dataset.ts';
import { characterSetOf } from '../text/characterSets.ts';
import { isDeflated } from '../transferSyntax.ts';
import { ByteWindow } from './byteWindow.ts';
import { DatasetParser, isBound, type DatasetScope } from './datasetParser.ts';
import { DicomFileError, dicomFileReasons, type DicomFileReason } from './dicomFileError.ts';
import type { ElementHeader } from './elementHeader.ts';
import { inflateDataset } from './inflateDataset.ts';
import { readMetaHeader, type DatasetStart } from './metaHeader.ts';
import { skipPixelData, type PixelData } from './pixelData.ts';
import { tagText } from './readValues.ts';
import { readWarnings, type WarningSet } from './readWarnings.ts';

/**
 * Reads a DICOM file (PS3.10) of any transfer syntax. Of the pixel data only the extent and the checksum are kept.
 *
 * Memory is bounded by the header's length and the parser's bounds, plus 256 MB for a deflated data set; pixel data is read in pieces.
 * @throws DicomFileError for a file that is not a DICOM instance, or not a whole one; errors of the file system as they are
 */
export function readP10(path: string | Buffer): Promise<DicomInstance> {
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
  const warnings: WarningSet = new Set(start.isGuessed ? [readWarnings.noMetaHeader] : []);
  const parser = new DatasetParser(window, offset, warnings);
  const scope = { encoding, characterSet: characterSetOf(''), depth: 0, end: window.size, delimited: false };
  const header = parser.readElements(dataset, scope);
  const identifiers = identify(dataset, warnings);
  const pixelData = header === undefined ? undefined : readPixelData(parser, header, dataset, scope);
  const pixelsEnd = parser.position;
  if (header !== undefined) readOn(window, parser, dataset, scope);
  const headerEnd = header?.start ?? window.size;
  return {
    transferSyntaxUid,
    hasMetaHeader: !start.isGuessed,
    ...identifiers,
    meta: start.meta,
    dataset,
    frameCount: pixelData?.frameCount ?? 0,
    ...(pixelData?.frameSizeInBytes !== undefined && { frameSizeInBytes: pixelData.frameSizeInBytes }),
    hasPixelData: pixelData !== undefined,
    headerBytes: headerEnd - offset,
    digest: digestOf(window, start, headerEnd, pixelsEnd),
    warnings: [...warnings],
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

function identify(dataset: DicomDataset, warnings: WarningSet) {
  const sopClassUid = elementText(dataset, '00080016')?.trim();
  const required = (tag: string, reason: DicomFileReason) => requiredUid(dataset, tag, { reason, warnings });
  return {
    sopClassUid: sopClassUid === '' ? undefined : sopClassUid,
    sopInstanceUid: required('00080018', dicomFileReasons.noSopInstanceUid),
    seriesInstanceUid: required('0020000E', dicomFileReasons.noSeriesInstanceUid),
    studyInstanceUid: required('0020000D', dicomFileReasons.noStudyInstanceUid),
  };
}

function requiredUid(
  dataset: DicomDataset,
  tag: string,
  { reason, warnings }: { readonly reason: DicomFileReason; readonly warnings: WarningSet },
): string {
  const text = elementText(dataset, tag) ?? '';
  const uid = text.trim();
  if (uid === '') throw new DicomFileError(reason);
  // The pattern of HealthImaging's model, since a search could not ask for any other, and the length that it imports.
  if (!/^[0-9.]{1,256}$/.test(uid)) throw new DicomFileError(dicomFileReasons.invalidUid);
  if (uid !== text || uid.length > 64) warnings.add(readWarnings.irregularUid);
  return uid;
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

/**
 * Reads what follows the pixel data: padding, signatures, private groups. A second pixel data element is skipped. The instance is
 * whole by then, so bytes that are no elements are left out.
 */
function readOn(
  window: ByteWindow,
  parser: DatasetParser,
  dataset: Map<string, DicomElement>,
  scope: DatasetScope,
): void {
  const following = new Map<string, DicomElement>();
  try {
    while (parser.position < window.size && !isPadding(window, parser.position)) {
      const header = parser.readElements(following, { ...scope, characterSet: characterSetIn(dataset) });
      if (header !== undefined) readPixelData(parser, header, following, scope);
    }
  } catch (error) {
    if (!(error instanceof DicomFileError) || isBound(error)) throw error;
    parser.warnings.add(readWarnings.trailingBytes);
    return;
  }
  for (const [tag, element] of following) dataset.set(tag, element);
}

/** Whether the rest is too short for an element, and all zeros. */
function isPadding(window: ByteWindow, position: number): boolean {
  const length = window.size - position;
  return length < 8 && window.slice(position, length).every((byte) => byte === 0);
}

function characterSetIn(dataset: DicomDataset) {
  return characterSetOf(elementText(dataset, '00080005') ?? '');
}
