import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';

import { rowKeys, type RowKeys } from './rowSeal.ts';

const algorithm = 'aes-256-gcm';
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/** Bytes that sealing adds to a page part. */
export const pageSealLength = nonceLength + tagLength;
export const keyIdLength = 4;

export interface CursorKey {
  /** Says which key opens a cursor: 4 bytes of the key's SHA-256. */
  readonly id: Buffer;
  readonly pages: Buffer;
  readonly rows: Buffer;
}

export interface SealedPage {
  /** nonce 12 | ciphertext | tag 16 */
  readonly sealed: Buffer;
  readonly rowKeys: RowKeys;
}

/** Throws RangeError for a key of another length than 32 bytes. */
export function cursorKey(secret: Buffer): CursorKey {
  if (secret.length !== keyLength) throw new RangeError(`expected a cursor key of ${keyLength} bytes`);
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', purpose, keyLength));
  return {
    id: hash('sha256', secret, 'buffer').subarray(0, keyIdLength),
    pages: derive('cursor: page part'),
    rows: derive('cursor: row part'),
  };
}

/**
 * Seals with a random nonce. NIST SP 800-38D allows 2^32 of them for each key; a page takes one, for all of its rows.
 * @param bound what the cursor is bound to besides its key: the associated data
 */
export function sealPage(key: CursorKey, plaintext: Buffer, bound: Buffer): SealedPage {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key.pages, nonce, { authTagLength: tagLength });
  cipher.setAAD(bound);
  const sealed = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { sealed, rowKeys: rowKeysOf(key, sealed) };
}

/** The inverse of `sealPage`; undefined for bytes that it did not make with this key and associated data. */
export function openPage(
  key: CursorKey,
  sealed: Buffer,
  bound: Buffer,
): { readonly plaintext: Buffer; readonly rowKeys: RowKeys } | undefined {
  if (sealed.length < pageSealLength) return undefined;
  const decipher = createDecipheriv(algorithm, key.pages, sealed.subarray(0, nonceLength), {
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
  return { plaintext, rowKeys: rowKeysOf(key, sealed) };
}

/** Nonce and tag stand for the page part and, through the tag, for its associated data: rows fit no other page. */
function rowKeysOf(key: CursorKey, sealed: Buffer): RowKeys {
  const page = Buffer.concat([sealed.subarray(0, nonceLength), sealed.subarray(-tagLength)]);
  return rowKeys(key.rows, page);
}
