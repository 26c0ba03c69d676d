import type { PagePosition, RowPosition } from './position.ts';

/** What the page part of a cursor holds. */
export interface PagePayload {
  /** Whether it has a row part. Sealed, so that a cursor with its row part cut off does not open. */
  readonly hasRow: boolean;
  readonly page: PagePosition;
  /** 16 bytes that stand for the list that the cursor belongs to. */
  readonly fingerprint: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const fixedPageLength = 37;
const fixedRowLength = 12;
const rowFlag = 1;
const tokenFlag = 2;

/** The longest NextToken of the service model. */
export const longestToken = 8192;
export const longestPagePayload = fixedPageLength + longestToken;

/** flags 1 | maxResults 1 | pageSizeOfToken 1 | tokens followed 4 | mark 8 | fingerprint 16 | expiry 6 | token */
export function encodePage({ hasRow, page, fingerprint, expiresAt }: PagePayload): Buffer {
  const token = Buffer.from(page.token ?? '', 'utf8');
  const bytes = Buffer.alloc(fixedPageLength + token.length);
  bytes.writeUInt8((hasRow ? rowFlag : 0) | (page.token === null ? 0 : tokenFlag), 0);
  bytes.writeUInt8(page.maxResults, 1);
  bytes.writeUInt8(page.pageSizeOfToken ?? 0, 2);
  bytes.writeUInt32BE(page.loopCheck.followed, 3);
  bytes.write(page.loopCheck.mark, 7, 'hex');
  fingerprint.copy(bytes, 15, 0, 16);
  bytes.writeUIntBE(expiresAt, 31, 6);
  token.copy(bytes, fixedPageLength);
  return bytes;
}

/** The inverse of `encodePage`. The caller has authenticated the bytes. */
export function decodePage(bytes: Buffer): PagePayload {
  const flags = bytes.readUInt8(0);
  const followed = bytes.readUInt32BE(3);
  return {
    hasRow: (flags & rowFlag) !== 0,
    page: {
      token: (flags & tokenFlag) === 0 ? null : bytes.toString('utf8', fixedPageLength),
      maxResults: bytes.readUInt8(1),
      pageSizeOfToken: bytes.readUInt8(2) || null,
      loopCheck: { followed, mark: followed === 0 ? '' : bytes.toString('hex', 7, 15) },
    },
    fingerprint: bytes.subarray(15, 31),
    expiresAt: bytes.readUIntBE(31, 6),
  };
}

/** index 4 | short hashes of the neighbours 4 + 4, 0 for none | id */
export function encodeRow({ index, id, previous, next }: RowPosition): Buffer {
  const idBytes = Buffer.from(id, 'utf8');
  const bytes = Buffer.allocUnsafe(fixedRowLength + idBytes.length);
  bytes.writeUInt32BE(index, 0);
  bytes.writeUInt32BE(previous ?? 0, 4);
  bytes.writeUInt32BE(next ?? 0, 8);
  idBytes.copy(bytes, fixedRowLength);
  return bytes;
}

/** The inverse of `encodeRow`. The caller has authenticated the bytes. */
export function decodeRow(bytes: Buffer): RowPosition {
  return {
    index: bytes.readUInt32BE(0),
    id: bytes.toString('utf8', fixedRowLength),
    previous: bytes.readUInt32BE(4) || null,
    next: bytes.readUInt32BE(8) || null,
  };
}
