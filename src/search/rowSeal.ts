import { hash, timingSafeEqual } from 'node:crypto';

export const rowTagLength = 16;

const keyLength = 32;
const macBlock = 64;
const streamBlock = 128;
const streamLength = 64;

/** Keys for the row parts of one page's cursors: two, of 32 bytes each. */
export interface RowKeys {
  /** Filled up to the block of SHA-256. */
  readonly mac: Buffer;
  /** Filled up to the block of SHA-512. */
  readonly stream: Buffer;
}

/** @param secret 64 bytes that no other page has */
export function rowKeys(secret: Buffer): RowKeys {
  const mac = Buffer.alloc(macBlock);
  const stream = Buffer.alloc(streamBlock);
  secret.copy(mac, 0, 0, keyLength);
  secret.copy(stream, 0, keyLength, 2 * keyLength);
  return { mac, stream };
}

/**
 * Authenticated encryption of a row part: tag, then ciphertext. A cipher object costs node:crypto more than ten times what
 * a hash in one call does, and a page has a cursor for each row.
 *
 * The construction is SIV (P. Rogaway and T. Shrimpton, Deterministic Authenticated-Encryption, EUROCRYPT 2006): the tag is
 * a pseudorandom function of the plaintext, and the key stream one of the tag. Both functions are SHA-2 behind a full
 * block of key, over inputs of which none is a prefix of another: a pseudorandom function wherever HMAC is one, on the
 * same assumption (M. Bellare, R. Canetti and H. Krawczyk, Pseudorandom functions revisited: the cascade construction,
 * FOCS 1996). Deterministic: the same row of the same sealed page gives the same bytes, and tells no more than that.
 */
export function sealRow(keys: RowKeys, plaintext: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(rowTagLength + plaintext.length);
  const tag = rowTag(keys, plaintext);
  tag.copy(sealed);
  addKeyStream(keys, tag, plaintext).copy(sealed, rowTagLength);
  return sealed;
}

/** The inverse of `sealRow`; undefined for anything that it did not make under these keys. */
export function openRow(keys: RowKeys, sealed: Buffer): Buffer | undefined {
  if (sealed.length < rowTagLength) return undefined;
  const tag = sealed.subarray(0, rowTagLength);
  const plaintext = addKeyStream(keys, tag, sealed.subarray(rowTagLength));
  return timingSafeEqual(rowTag(keys, plaintext), tag) ? plaintext : undefined;
}

/** The length in front keeps any input from being the prefix of another. */
function rowTag({ mac }: RowKeys, plaintext: Buffer): Buffer {
  const input = Buffer.allocUnsafe(macBlock + 2 + plaintext.length);
  mac.copy(input);
  input.writeUInt16BE(plaintext.length, macBlock);
  plaintext.copy(input, macBlock + 2);
  return digest('sha256', input).subarray(0, rowTagLength);
}

function addKeyStream({ stream }: RowKeys, tag: Buffer, text: Buffer): Buffer {
  const input = Buffer.allocUnsafe(streamBlock + rowTagLength + 1);
  stream.copy(input);
  tag.copy(input, streamBlock);
  const result = Buffer.allocUnsafe(text.length);
  for (let start = 0; start < text.length; start += streamLength) {
    input.writeUInt8(start / streamLength, streamBlock + rowTagLength);
    const keyStream = digest('sha512', input);
    for (let index = start; index < Math.min(start + streamLength, text.length); index += 1) {
      result.writeUInt8(text.readUInt8(index) ^ keyStream.readUInt8(index - start), index);
    }
  }
  return result;
}

/** By way of binary text, which node:crypto makes four times as fast as a Buffer. */
function digest(algorithm: 'sha256' | 'sha512', input: Buffer): Buffer {
  return Buffer.from(hash(algorithm, input, 'binary'), 'latin1');
}
