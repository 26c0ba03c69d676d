import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

export const tagLength = 16;
export const keyIdLength = 4;

const cipher = 'aes-256-ctr';
const keyLength = 32;

/** A key of HMAC-SHA-256 as its two hashes begin (RFC 2104): blocks of 64 bytes. */
interface MacKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** Keys of one use: one for the tags, one for the encryption. */
export interface SealKey {
  readonly mac: MacKey;
  readonly stream: KeyObject;
}

export interface CursorKey {
  /** Says which key opens a cursor, and nothing of the key. */
  readonly id: Buffer;
  readonly pages: SealKey;
  readonly rows: SealKey;
}

/** Throws RangeError for a key of another length than 32 bytes. */
export function cursorKey(secret: Buffer): CursorKey {
  if (secret.length !== keyLength) throw new RangeError(`expected a cursor key of ${keyLength} bytes`);
  const derive = (use: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `cursor 2: ${use}`, length));
  const sealKey = (use: string): SealKey => {
    const bytes = derive(use, 2 * keyLength);
    return {
      mac: macKey(bytes.subarray(0, keyLength)),
      stream: createSecretKey(bytes.subarray(keyLength)),
    };
  };
  return { id: derive('key id', keyIdLength), pages: sealKey('page'), rows: sealKey('row') };
}

/**
 * Deterministic authenticated encryption: tag 16, then ciphertext. The same row has to give the same cursor, so there is no
 * nonce. The construction is SIV (P. Rogaway and T. Shrimpton, Deterministic Authenticated-Encryption, EUROCRYPT 2006) of
 * HMAC-SHA-256 and AES-256-CTR: the tag is a pseudorandom function of all that goes in, and serves as the counter's start.
 * Equal inputs give equal texts, which reveals only that they are equal. Not GCM with such a nonce: of two inputs that shared
 * one, it would give its authentication key away.
 * @param bound what the text is bound to besides its key; no such bytes may be the beginning of others (see boundTo)
 */
export function seal({ mac, stream }: SealKey, plaintext: Buffer, bound: Buffer): Buffer {
  const tag = tagOf(mac, plaintext, bound);
  const encrypted = createCipheriv(cipher, stream, tag).update(plaintext);
  return Buffer.concat([tag, encrypted], tagLength + encrypted.length);
}

/**
 * `seal` for many at once: AES-256-CTR is AES of a counter for each block, so one call makes the key stream of them all, where a
 * cipher takes longer to set up than to encrypt a row.
 */
export function sealEach(
  { mac, stream }: SealKey,
  texts: readonly { readonly plaintext: Buffer; readonly bound: Buffer }[],
): Buffer[] {
  const counters = Buffer.alloc(texts.reduce((sum, { plaintext }) => sum + wholeBlocks(plaintext.length), 0));
  const sealed: Buffer[] = [];
  let start = 0;
  for (const { plaintext, bound } of texts) {
    const tag = tagOf(mac, plaintext, bound);
    const bytes = Buffer.allocUnsafe(tagLength + plaintext.length);
    tag.copy(bytes);
    plaintext.copy(bytes, tagLength);
    sealed.push(bytes);
    const end = start + wholeBlocks(plaintext.length);
    for (let at = start; at < end; at += blockLength) {
      tag.copy(counters, at);
      increment(tag);
    }
    start = end;
  }
  const keyStream = createCipheriv('aes-256-ecb', stream, null).setAutoPadding(false).update(counters);
  start = 0;
  for (const bytes of sealed) {
    for (let index = tagLength; index < bytes.length; index += 1)
      bytes[index] = (bytes[index] ?? 0) ^ (keyStream[start + index - tagLength] ?? 0);
    start += wholeBlocks(bytes.length - tagLength);
  }
  return sealed;
}

const blockLength = 16;

function wholeBlocks(length: number): number {
  return Math.ceil(length / blockLength) * blockLength;
}

/** By one, as a number of 16 bytes. */
export function increment(counter: Buffer): void {
  for (let index = blockLength - 1; index >= 0; index -= 1) {
    const next = ((counter[index] ?? 0) + 1) & 0xff;
    counter[index] = next;
    if (next !== 0) return;
  }
}

/** The inverse of `seal`; undefined for bytes that it did not make with this key and binding. */
export function open({ mac, stream }: SealKey, sealed: Buffer, bound: Buffer): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const tag = sealed.subarray(0, tagLength);
  const plaintext = createDecipheriv(cipher, stream, tag).update(sealed.subarray(tagLength));
  return timingSafeEqual(tagOf(mac, plaintext, bound), tag) ? plaintext : undefined;
}

const hashBlock = 64;
const hashLength = 32;
let inner = Buffer.alloc(1_024);
const outer = Buffer.alloc(hashBlock + hashLength);

function macKey(key: Buffer): MacKey {
  const padded = (pad: number) => Buffer.alloc(hashBlock, pad).map((byte, index) => byte ^ (key[index] ?? 0));
  return { inner: Buffer.from(padded(0x36)), outer: Buffer.from(padded(0x5c)) };
}

/** HMAC-SHA-256, of two hashes in one call each: node:crypto's own takes three times as long to set up. */
function tagOf(mac: MacKey, plaintext: Buffer, bound: Buffer): Buffer {
  const length = hashBlock + bound.length + plaintext.length;
  if (inner.length < length) inner = Buffer.alloc(2 * length);
  mac.inner.copy(inner);
  bound.copy(inner, hashBlock);
  plaintext.copy(inner, hashBlock + bound.length);
  mac.outer.copy(outer);
  outer.write(hash('sha256', inner.subarray(0, length), 'binary'), hashBlock, 'binary');
  return Buffer.from(hash('sha256', outer, 'binary').slice(0, tagLength), 'binary');
}
