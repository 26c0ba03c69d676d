import { hash, timingSafeEqual } from 'node:crypto';

export const rowTagLength = 16;

const keyLength = 32;
const macBlock = 64;
const streamBlock = 128;
const streamLength = 64;

/** Keys for the row parts of one page's cursors. */
export interface RowKeys {
  /** 32 bytes, padded to a block of SHA-256. */
  readonly mac: Buffer;
  /** 32 bytes, padded to a block of SHA-512. */
  readonly stream: Buffer;
}

/**
 * @param key 32 bytes, for row parts only
 * @param page bytes unique to the page part among those sealed with the key, always of the same length
 */
export function rowKeys(key: Buffer, page: Buffer): RowKeys {
  const input = Buffer.alloc(streamBlock + page.length);
  key.copy(input, 0, 0, keyLength);
  page.copy(input, streamBlock);
  const secret = Buffer.from(hash('sha512', input, 'binary'), 'latin1');
  const mac = Buffer.alloc(macBlock);
  const stream = Buffer.alloc(streamBlock);
  secret.copy(mac, 0, 0, keyLength);
  secret.copy(stream, 0, keyLength, 2 * keyLength);
  return { mac, stream };
}

/**
 * Authenticated encryption of a row part: tag, then ciphertext. A page has a cursor for each row, and in node:crypto a
 * cipher object costs more than ten times as much as a one-shot hash.
 *
 * The construction is SIV (P. Rogaway and T. Shrimpton, Deterministic Authenticated-Encryption, EUROCRYPT 2006): the tag is
 * a pseudorandom function of the plaintext, and the key stream one of the tag. Each such function is SHA-2 over a full
 * block of key and then an input that is no prefix of another: pseudorandom on the assumption that HMAC rests on, too
 * (M. Bellare, R. Canetti and H. Krawczyk, Pseudorandom functions revisited: the cascade construction, FOCS 1996).
 * Deterministic: the same row of the same sealed page gives the same bytes, which reveals only that it is the same.
 */
export function sealRow(keys: RowKeys, plaintext: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(rowTagLength + plaintext.length);
  const tag = rowTag(keys, plaintext);
  tag.copy(sealed);
  addKeyStream(keys, tag, plaintext).copy(sealed, rowTagLength);
  return sealed;
}

/** The inverse of `sealRow`; undefined for bytes that it did not make with these keys. */
export function openRow(keys: RowKeys, sealed: Buffer): Buffer | undefined {
  if (sealed.length < rowTagLength) return undefined;
  const tag = sealed.subarray(0, rowTagLength);
  const plaintext = addKeyStream(keys, tag, sealed.subarray(rowTagLength));
  return timingSafeEqual(rowTag(keys, plaintext), tag) ? plaintext : undefined;
}

/** The leading length keeps any input from being a prefix of another. */
function rowTag({ mac }: RowKeys, plaintext: Buffer): Buffer {
  const input = Buffer.allocUnsafe(macBlock + 2 + plaintext.length);
  mac.copy(input);
  input.writeUInt16BE(plaintext.length, macBlock);
  plaintext.copy(input, macBlock + 2);
  return Buffer.from(hash('sha256', input, 'binary').slice(0, rowTagLength), 'latin1');
}

function addKeyStream({ stream }: RowKeys, tag: Buffer, text: Buffer): Buffer {
  const input = Buffer.allocUnsafe(streamBlock + rowTagLength + 1);
  stream.copy(input);
  tag.copy(input, streamBlock);
  const result = Buffer.from(text);
  for (let start = 0; start < text.length; start += streamLength) {
    input.writeUInt8(start / streamLength, streamBlock + rowTagLength);
    // node:crypto returns binary text four times as fast as a Buffer.
    const keyStream = hash('sha512', input, 'binary');
    const end = Math.min(start + streamLength, text.length);
    for (let index = start; index < end; index += 1) {
      result[index] = (text[index] ?? 0) ^ keyStream.charCodeAt(index - start);
    }
  }
  return result;
}
