import type { SearchSort } from '../filter/criteria.ts';
import type { PagePosition, RowPosition } from './position.ts';

/** What the page part of a cursor holds. */
export interface PagePayload {
  /** Whether it has a row part. Sealed, so that a cursor with its row part cut off does not open. */
  readonly hasRow: boolean;
  readonly page: PagePosition;
  /** 16 bytes that stand for the list that the cursor belongs to. */
  readonly fingerprint: Buffer;
}

/** What the row part of a cursor holds. */
export interface RowPayload {
  readonly row: RowPosition;
  readonly fingerprint: Buffer;
}

const fingerprintLength = 16;
const fixedPageLength = 16 + fingerprintLength;
const fixedRowLength = 3 + fingerprintLength;
const rowFlag = 1;
const tokenFlag = 2;
const boundFlag = 4;

/** The longest NextToken of the service model. */
export const longestToken = 8192;
/** The longest sort value and bound that a cursor holds, in bytes. DICOM's dates and times have at most 54. */
export const longestValue = 255;
export const longestPagePayload = fixedPageLength + longestValue + longestToken;
export const largestOccurrence = 255;

/** The order of a row's value as one byte: its index here, and one more; 0 for a row without a value. */
const sorts: readonly SearchSort[] = (['updatedAt', 'createdAt', 'DICOMStudyDateAndTime'] as const).flatMap(
  (sortField) => (['ASC', 'DESC'] as const).map((sortOrder) => ({ sortField, sortOrder })),
);

/** flags 1 | maxResults 1 | pageSizeOfToken 1 | tokens followed 4 | mark 8 | fingerprint 16 | length of bound 1 | bound | token */
export function encodePage({ hasRow, page, fingerprint }: PagePayload): Buffer {
  const token = Buffer.from(page.token ?? '', 'utf8');
  const bound = Buffer.from(page.bound ?? '', 'utf8');
  const bytes = Buffer.alloc(fixedPageLength + bound.length + token.length);
  const flags =
    (hasRow ? rowFlag : 0) | (page.token === null ? 0 : tokenFlag) | (page.bound === null ? 0 : boundFlag);
  bytes.writeUInt8(flags, 0);
  bytes.writeUInt8(page.maxResults, 1);
  bytes.writeUInt8(page.pageSizeOfToken ?? 0, 2);
  bytes.writeUInt32BE(page.loopCheck.followed, 3);
  bytes.write(page.loopCheck.mark, 7, 'hex');
  fingerprint.copy(bytes, 15, 0, fingerprintLength);
  bytes.writeUInt8(bound.length, 15 + fingerprintLength);
  bound.copy(bytes, fixedPageLength);
  token.copy(bytes, fixedPageLength + bound.length);
  return bytes;
}

/** The inverse of `encodePage`. The caller has authenticated the bytes. */
export function decodePage(bytes: Buffer): PagePayload {
  const flags = bytes.readUInt8(0);
  const followed = bytes.readUInt32BE(3);
  const tokenStart = fixedPageLength + bytes.readUInt8(15 + fingerprintLength);
  return {
    hasRow: (flags & rowFlag) !== 0,
    page: {
      bound: (flags & boundFlag) === 0 ? null : bytes.toString('utf8', fixedPageLength, tokenStart),
      token: (flags & tokenFlag) === 0 ? null : bytes.toString('utf8', tokenStart),
      maxResults: bytes.readUInt8(1),
      pageSizeOfToken: bytes.readUInt8(2) || null,
      loopCheck: { followed, mark: followed === 0 ? '' : bytes.toString('hex', 7, 15) },
    },
    fingerprint: bytes.subarray(15, 15 + fingerprintLength),
  };
}

/** sort 1 | occurrence 1 | fingerprint 16 | length of value 1 | value | id */
export function encodeRow({ row, fingerprint }: RowPayload): Buffer {
  const value = row.value?.text ?? '';
  // A UTF-16 unit takes three bytes at most.
  const bytes = Buffer.allocUnsafe(fixedRowLength + 3 * (value.length + row.id.length));
  bytes[0] = row.value ? codeOf(row.value.sort) : 0;
  bytes[1] = row.occurrence;
  fingerprint.copy(bytes, 2, 0, fingerprintLength);
  const valueEnd = writeText(bytes, value, fixedRowLength);
  bytes[2 + fingerprintLength] = valueEnd - fixedRowLength;
  return bytes.subarray(0, writeText(bytes, row.id, valueEnd));
}

/** The inverse of `encodeRow`. The caller has authenticated the bytes. */
export function decodeRow(bytes: Buffer): RowPayload {
  const sort = sorts[bytes.readUInt8(0) - 1];
  const idStart = fixedRowLength + bytes.readUInt8(2 + fingerprintLength);
  return {
    row: {
      id: bytes.toString('utf8', idStart),
      value: sort === undefined ? null : { sort, text: bytes.toString('utf8', fixedRowLength, idStart) },
      occurrence: bytes.readUInt8(1),
    },
    fingerprint: bytes.subarray(2, 2 + fingerprintLength),
  };
}

/**
 * Most texts are a time or an ID: that is done here sooner than Buffer's own method is reached.
 * @returns where the text ends
 */
function writeText(bytes: Buffer, text: string, start: number): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return start + bytes.write(text, start);
    bytes[start + index] = unit;
  }
  return start + text.length;
}

function codeOf({ sortField, sortOrder }: SearchSort): number {
  return 1 + sorts.findIndex((sort) => sort.sortField === sortField && sort.sortOrder === sortOrder);
}
