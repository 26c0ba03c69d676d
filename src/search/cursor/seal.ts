import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

export const tagLength = 16;
export const keyIdLength = 4;

const cipher = 'aes-256-ctr';
const keyLength = 32;

/** Keys of one use: one for the tags, one for the encryption. */
export interface SealKey {
  readonly mac: KeyObject;
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
      mac: createSecretKey(bytes.subarray(0, keyLength)),
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

/** The inverse of `seal`; undefined for bytes that it did not make with this key and binding. */
export function open({ mac, stream }: SealKey, sealed: Buffer, bound: Buffer): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const tag = sealed.subarray(0, tagLength);
  const plaintext = createDecipheriv(cipher, stream, tag).update(sealed.subarray(tagLength));
  return timingSafeEqual(tagOf(mac, plaintext, bound), tag) ? plaintext : undefined;
}

function tagOf(mac: KeyObject, plaintext: Buffer, bound: Buffer): Buffer {
  return createHmac('sha256', mac).update(bound).update(plaintext).digest().subarray(0, tagLength);
}
