import { constants, createHmac, sign, type KeyObject } from 'node:crypto';

export type TokenPart = string | Readonly<Record<string, unknown>>;

/** Makes the bytes of a signature from what is signed. */
export type Signer = (signed: Buffer) => Buffer;

/** By node:crypto, not by the library that checks it: what one gets wrong the other does not. */
export const signers = {
  rs256:
    (key: KeyObject): Signer =>
    (signed) =>
      sign('sha256', signed, key),
  ps256:
    (key: KeyObject): Signer =>
    (signed) =>
      sign('sha256', signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  es256:
    (key: KeyObject): Signer =>
    (signed) =>
      sign('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }),
  es256Der:
    (key: KeyObject): Signer =>
    (signed) =>
      sign('sha256', signed, { key, dsaEncoding: 'der' }),
  hs256:
    (secret: string | Buffer): Signer =>
    (signed) =>
      createHmac('sha256', secret).update(signed).digest(),
  bytes:
    (bytes: Buffer): Signer =>
    () =>
      bytes,
} as const;

/** A compact JWS of any header and payload, also of such as no library would sign; text goes in as it is. */
export function signToken(header: TokenPart, payload: TokenPart, signer: Signer): string {
  const signed = [header, payload].map(encoded).join('.');
  return `${signed}.${signer(Buffer.from(signed)).toString('base64url')}`;
}

export function encoded(part: TokenPart | Buffer): string {
  const bytes = Buffer.isBuffer(part)
    ? part
    : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part));
  return bytes.toString('base64url');
}
