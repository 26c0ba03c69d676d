import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/** Where a page ended: the sort key of its last row and, among equal keys, its place. */
export interface PagePosition {
  readonly key: number | string;
  readonly seq: number;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
// Node accepts tags cut to 4 bytes unless it is told their length.
const authTagLength = 16;
const form = /^[A-Za-z0-9_-]{40,256}$/;

/** What a token may be used for, and nothing else: any text, such as a data store with its criteria. */
function associatedData(purpose: string): Buffer {
  return hash('sha256', purpose, 'buffer');
}

/**
 * A page token: short, safe in a URL, and sealed, since a key may be a study's time.
 * @param secret 32 bytes
 */
export function sealPageToken(secret: Uint8Array, purpose: string, { key, seq }: PagePosition): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength });
  cipher.setAAD(associatedData(purpose));
  const sealed = [nonce, cipher.update(JSON.stringify([key, seq])), cipher.final()];
  return Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64url');
}

/** @returns undefined for a token that is altered, cut, of another purpose or of another store */
export function openPageToken(secret: Uint8Array, purpose: string, token: string): PagePosition | undefined {
  if (!form.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  // The last character has bits to spare: only one of its spellings is ours.
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
