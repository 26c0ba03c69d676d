import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

import { hmac, hmacKey, hmacOfEach, type HmacKey } from '../../hmac.ts';

export const tagLength = 16;
export const keyIdLength = 4;

const cipher = 'aes-256-ctr';
const keyLength = 32;

/** Keys of one use: one for the tags, one for the encryption. */
export interface SealKey {
  readonly mac: HmacKey;
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
      mac: hmacKey(bytes.subarray(0, keyLength)),
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
  const tag = Buffer.from(tagOf(mac, plaintext, bound), 'latin1');
  const encrypted = createCipheriv(cipher, stream, tag).update(plaintext);
  return Buffer.concat([tag, encrypted], tagLength + encrypted.length);
}

/**
 * `seal` for many at once: AES-256-CTR is AES of a counter for each block, so one call makes the key stream of them all, where a
 * cipher takes longer to set up than to encrypt a row.
 * @returns of each text its `head`, which is not encrypted, tag and ciphertext
 */
export function sealEach(
  { mac, stream }: SealKey,
  texts: readonly { readonly plaintext: Buffer; readonly bound: Buffer; readonly head: Buffer }[],
): Buffer[] {
  const counters = Buffer.alloc(texts.reduce((sum, { plaintext }) => sum + wholeBlocks(plaintext.length), 0));
  let start = 0;
  let last: { readonly bound: Buffer; readonly hmacOf: (plaintext: Buffer) => string } | undefined;
  const tags = texts.map(({ plaintext, bound }) => {
    if (last?.bound !== bound) last = { bound, hmacOf: hmacOfEach(mac, bound) };
    const tag = last.hmacOf(plaintext).slice(0, tagLength);
    const end = start + wholeBlocks(plaintext.length);
    if (start < end) counters.write(tag, start, 'latin1');
    for (let at = start + blockLength; at < end; at += blockLength) {
      counters.copyWithin(at, at - blockLength, at);
      increment(counters, at);
    }
    start = end;
    return tag;
  });
  const keyStream = createCipheriv('aes-256-ecb', stream, null).setAutoPadding(false).update(counters);
  start = 0;
  return texts.map(({ plaintext, head }, index) => {
    const textStart = head.length + tagLength;
    const bytes = Buffer.allocUnsafe(textStart + plaintext.length);
    head.copy(bytes);
    bytes.write(tags[index] ?? '', head.length, 'latin1');
    for (let at = 0; at < plaintext.length; at += 1)
      bytes[textStart + at] = (plaintext[at] ?? 0) ^ (keyStream[start + at] ?? 0);
    start += wholeBlocks(plaintext.length);
    return bytes;
  });
}

const blockLength = 16;

function wholeBlocks(length: number): number {
  return Math.ceil(length / blockLength) * blockLength;
}

/** By one, the number that the 16 bytes from `start` are. */
export function increment(counters: Buffer, start = 0): void {
  for (let index = start + blockLength - 1; index >= start; index -= 1) {
    const next = ((counters[index] ?? 0) + 1) & 0xff;
    counters[index] = next;
    if (next !== 0) return;
  }
}

/** The inverse of `seal`; undefined for bytes that it did not make with this key and binding. */
export function open({ mac, stream }: SealKey, sealed: Buffer, bound: Buffer): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const tag = sealed.subarray(0, tagLength);
  const plaintext = createDecipheriv(cipher, stream, tag).update(sealed.subarray(tagLength));
  const expected = Buffer.from(tagOf(mac, plaintext, bound), 'latin1');
  return timingSafeEqual(expected, tag) ? plaintext : undefined;
}

/** @returns its bytes, one a character */
function tagOf(mac: HmacKey, plaintext: Buffer, bound: Buffer): string {
  return hmac(mac, bound, plaintext).slice(0, tagLength);
}
