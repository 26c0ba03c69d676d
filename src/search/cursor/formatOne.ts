import { createDecipheriv, hash, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { PagePosition, Position } from './position.ts';

// Cursors of format 1, which the gateway gave out before format 2: opened until they expire, a day after they were made.
// Their bytes: version 1 | length of the row part 2, 0 without a row | key id 4 | page part | row part
const formatVersion = 1;
const keyIdStart = 3;
const keyIdLength = 4;
const headerLength = keyIdStart + keyIdLength;
const nonceLength = 12;
const tagLength = 16;
const fixedPageLength = 37;
const fixedRowLength = 12;
const rowFlag = 1;
const tokenFlag = 2;

export interface KeyOfFormatOne {
  readonly id: Buffer;
  readonly pages: Buffer;
  readonly rows: Buffer;
}

export interface OpenedFormatOne {
  readonly position: Position;
  readonly fingerprint: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** @param secret 32 bytes */
export function keyOfFormatOne(secret: Buffer): KeyOfFormatOne {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', purpose, secret.length));
  return {
    id: hash('sha256', secret, 'buffer').subarray(0, keyIdLength),
    pages: derive('cursor: page part'),
    rows: derive('cursor: row part'),
  };
}

/**
 * Opens a cursor of format 1; undefined for any other bytes.
 * @param boundTo the associated data, by the cursor's version and key id
 */
export function openFormatOne(
  ring: readonly KeyOfFormatOne[],
  bytes: Buffer,
  boundTo: (version: number, keyId: Buffer) => Buffer,
): OpenedFormatOne | undefined {
  if (bytes.length < headerLength || bytes.readUInt8(0) !== formatVersion) return undefined;
  const rowStart = bytes.length - bytes.readUInt16BE(1);
  if (rowStart < headerLength) return undefined;
  const keyId = bytes.subarray(keyIdStart, headerLength);
  const [sealedPage, sealedRow] = [bytes.subarray(headerLength, rowStart), bytes.subarray(rowStart)];
  for (const key of ring.filter(({ id }) => id.equals(keyId))) {
    const page = openPage(key, sealedPage, boundTo(formatVersion, keyId));
    if (page !== undefined) return join(page, page.hasRow ? openRow(key, sealedPage, sealedRow) : sealedRow);
  }
  return undefined;
}

type OpenedPage = Omit<OpenedFormatOne, 'position'> & {
  readonly hasRow: boolean;
  readonly page: PagePosition;
};

function join({ hasRow, page, ...rest }: OpenedPage, row: Buffer | undefined): OpenedFormatOne | undefined {
  if (!hasRow) return row?.length === 0 ? { ...rest, position: { row: null, page } } : undefined;
  if (row === undefined) return undefined;
  const id = row.toString('utf8', fixedRowLength);
  return { ...rest, position: { row: { id, value: undefined, occurrence: 0 }, page } };
}

/** nonce 12 | ciphertext | tag 16 of AES-256-GCM */
function openPage(key: KeyOfFormatOne, sealed: Buffer, bound: Buffer): OpenedPage | undefined {
  if (sealed.length < nonceLength + tagLength + fixedPageLength) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key.pages, sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(-tagLength));
  const plaintext = decipher.update(sealed.subarray(nonceLength, -tagLength));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return decodePage(plaintext);
}

/** flags 1 | maxResults 1 | pageSizeOfToken 1 | tokens followed 4 | mark 8 | fingerprint 16 | expiry 6 | token */
function decodePage(bytes: Buffer): OpenedPage {
  const flags = bytes.readUInt8(0);
  const followed = bytes.readUInt32BE(3);
  return {
    hasRow: (flags & rowFlag) !== 0,
    page: {
      bound: null,
      token: (flags & tokenFlag) === 0 ? null : bytes.toString('utf8', fixedPageLength),
      maxResults: bytes.readUInt8(1),
      pageSizeOfToken: bytes.readUInt8(2) || null,
      loopCheck: { followed, mark: followed === 0 ? '' : bytes.toString('hex', 7, 15) },
    },
    fingerprint: bytes.subarray(15, 31),
    expiresAt: bytes.readUIntBE(31, 6),
  };
}

/** tag 16 | ciphertext, under keys that the nonce and tag of the page part select */
function openRow(key: KeyOfFormatOne, sealedPage: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed.length < tagLength + fixedRowLength) return undefined;
  const page = Buffer.concat([sealedPage.subarray(0, nonceLength), sealedPage.subarray(-tagLength)]);
  const secret = hash('sha512', Buffer.concat([padded(key.rows, 128), page]), 'buffer');
  const mac = padded(secret.subarray(0, 32), 64);
  const stream = padded(secret.subarray(32), 128);
  const tag = sealed.subarray(0, tagLength);
  const plaintext = Buffer.from(sealed.subarray(tagLength));
  for (let start = 0; start < plaintext.length; start += 64) {
    const keyStream = hash('sha512', Buffer.concat([stream, tag, Buffer.of(start / 64)]), 'buffer');
    const end = Math.min(start + 64, plaintext.length);
    for (let index = start; index < end; index += 1) {
      plaintext[index] = (plaintext[index] ?? 0) ^ keyStream.readUInt8(index - start);
    }
  }
  const length = Buffer.alloc(2);
  length.writeUInt16BE(plaintext.length);
  const expected = hash('sha256', Buffer.concat([mac, length, plaintext]), 'buffer').subarray(0, tagLength);
  return timingSafeEqual(expected, tag) ? plaintext : undefined;
}

function padded(key: Buffer, length: number): Buffer {
  const block = Buffer.alloc(length);
  key.copy(block);
  return block;
}
