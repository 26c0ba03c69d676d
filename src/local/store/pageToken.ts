import { createCipheriv, createDecipheriv, createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Where a page ended: the sort key of its last row, and that row's place among equal keys. */
export interface PagePosition {
  readonly key: number | string;
  readonly seq: number;
}

const cipher = 'aes-256-ctr';
const tagBytes = 16;
/** From the shortest position, `[0,0]`, on. */
const form = /^[A-Za-z0-9_-]{28,256}$/;

/**
 * A next token: short and safe in a URL. Sealed, since a sort key may be the time of a study; and the same whenever the same page
 * ends there, as clients compare tokens. So there is no nonce: the tag is a MAC over purpose and position, and starts the counter
 * of the encryption (SIV: P. Rogaway and T. Shrimpton, EUROCRYPT 2006).
 * @param secret 32 bytes
 * @param purpose what the token may be used for, such as a data store with its criteria: it opens for nothing else
 */
export function sealPageToken(secret: Uint8Array, purpose: string, { key, seq }: PagePosition): string {
  const position = Buffer.from(JSON.stringify([key, seq]));
  const tag = tagOf(secret, purpose, position);
  const sealed = createCipheriv(cipher, derived(secret, 'encryption'), tag).update(position);
  return Buffer.concat([tag, sealed]).toString('base64url');
}

/** @returns undefined for a token that was altered or cut, or made for another purpose or store */
export function openPageToken(secret: Uint8Array, purpose: string, token: string): PagePosition | undefined {
  if (!form.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  // The last character has spare bits: of its spellings only one is accepted.
  if (bytes.toString('base64url') !== token) return undefined;
  const tag = bytes.subarray(0, tagBytes);
  const position = createDecipheriv(cipher, derived(secret, 'encryption'), tag).update(
    bytes.subarray(tagBytes),
  );
  if (!timingSafeEqual(tagOf(secret, purpose, position), tag)) return undefined;
  const [key, seq] = JSON.parse(position.toString()) as [number | string, number];
  return { key, seq };
}

function derived(secret: Uint8Array, use: string): Buffer {
  return createHmac('sha256', secret).update(`page token: ${use}`).digest();
}

/** The purpose goes in as a digest, whose length is fixed: no purpose and position give the bytes of others. */
function tagOf(secret: Uint8Array, purpose: string, position: Buffer): Buffer {
  return createHmac('sha256', derived(secret, 'tag'))
    .update(hash('sha256', purpose, 'buffer'))
    .update(position)
    .digest()
    .subarray(0, tagBytes);
}
