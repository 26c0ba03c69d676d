import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/** Where a page ended: the sort key of its last row, and that row's place among equal keys. */
export interface PagePosition {
  readonly key: number | string;
  readonly seq: number;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
// Without it, Node accepts tags shortened to 4 bytes.
const authTagLength = 16;
const form = /^[A-Za-z0-9_-]{40,256}$/;

function associatedData(purpose: string): Buffer {
  return hash('sha256', purpose, 'buffer');
}

/**
 * A next token: short and safe in a URL. Sealed, since a sort key may be the time of a study.
 * @param secret 32 bytes
 * @param purpose what the token may be used for, such as a data store with its criteria: it opens for nothing else
 */
export function sealPageToken(secret: Uint8Array, purpose: string, { key, seq }: PagePosition): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength });
  cipher.setAAD(associatedData(purpose));
  const sealed = [nonce, cipher.update(JSON.stringify([key, seq])), cipher.final()];
  return Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64url');
}

/** @returns undefined for a token that was altered or cut, or made for another purpose or store */
export function openPageToken(secret: Uint8Array, purpose: string, token: string): PagePosition | undefined {
  if (!form.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  // The last character has spare bits: of its spellings only one is accepted.
  if (bytes.toString('base64url') !== token) return undefined;
  const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceBytes), { authTagLength });
  decipher.setAAD(associatedData(purpose));
  decipher.setAuthTag(bytes.subarray(-authTagLength));
  try {
    const opened = decipher.update(bytes.subarray(nonceBytes, -authTagLength));
    const [key, seq] = JSON.parse(Buffer.concat([opened, decipher.final()]).toString()) as [
      number | string,
      number,
    ];
    return { key, seq };
  } catch {
    return undefined;
  }
}
