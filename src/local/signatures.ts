import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { ServiceError } from './serviceError.ts';
import { splitOnce } from './wire.ts';

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const longestSkewMs = 15 * 60 * 1_000;
const form =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([a-z0-9-]+)\/medical-imaging\/aws4_request, ?SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})$/;
const timeForm = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/**
 * Checks requests by AWS Signature Version 4, as SDKs sign them in headers, for one pair of keys.
 * @param now milliseconds since 1970
 * @returns what throws a ServiceError for a request that is not signed, or not with these keys
 */
export function createSignatureCheck(
  keys: SigningKeys,
  now: () => number,
): (request: IncomingMessage, body: Buffer) => void {
  return (request, body) => {
    const { authorization } = request.headers;
    if (authorization === undefined)
      throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    const [, accessKeyId, date, region, signedHeaders, signature] = form.exec(authorization) ?? [];
    if (accessKeyId === undefined || date === undefined || region === undefined || signature === undefined)
      throw invalid('Expected an Authorization header of Signature Version 4 for medical-imaging.');
    if (!isEqual(accessKeyId, keys.accessKeyId))
      throw new ServiceError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    const time = String(request.headers['x-amz-date']);
    if (!time.startsWith(date) || !(Math.abs(timeOf(time) - now()) <= longestSkewMs))
      throw invalid('Expected x-amz-date to be the date of the signature, and within 15 minutes of now.');
    const names = signedHeaders?.split(';') ?? [];
    if (!names.includes('host') || !names.includes('x-amz-date'))
      throw invalid('Expected host and x-amz-date among the signed headers.');
    const scope = `${date}/${region}/medical-imaging/aws4_request`;
    const canonical = sha256(canonicalRequest(request, names, payloadHash(request, body)));
    const text = ['AWS4-HMAC-SHA256', time, scope, canonical].join('\n');
    const key = scope
      .split('/')
      .reduce((above: string | Buffer, part) => hmac(above, part).digest(), `AWS4${keys.secretAccessKey}`);
    if (!isEqual(hmac(key, text).digest('hex'), signature))
      throw invalid('The request signature we calculated does not match the signature you provided.');
  };
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message);
}

/** In a time that does not depend on where the texts differ. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, text: string) {
  return createHmac('sha256', key).update(text);
}

/** NaN for what is no such time. */
function timeOf(text: string): number {
  const [, year, month, day, hour, minute, second] = (timeForm.exec(text) ?? []).map(Number);
  return Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute, second);
}

/** @throws {ServiceError} InvalidSignatureException for a body that is not the one that was signed */
function payloadHash({ headers }: IncomingMessage, body: Buffer): string {
  const [claimed, hash] = [headers['x-amz-content-sha256'], sha256(body)];
  if (claimed === 'UNSIGNED-PAYLOAD') return claimed;
  if (claimed !== undefined && claimed !== hash)
    throw invalid('Expected x-amz-content-sha256 to be that of the body.');
  return hash;
}

/** Every service but S3 has the path, as it is sent, escaped once more. */
function canonicalRequest(
  { method = '', url = '', headers }: IncomingMessage,
  names: readonly string[],
  hash: string,
): string {
  const [path, query = ''] = splitOnce(url, '?');
  const lines = names.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replaceAll(/\s+/g, ' ')}\n`,
  );
  return [
    method,
    path.split('/').map(escaped).join('/'),
    canonicalQuery(query),
    lines.join(''),
    names.join(';'),
    hash,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      // What reads the query takes a plus for a blank: what is signed is what is read.
      return [name, value.join('=')].map((part) => escaped(unescaped(part.replaceAll('+', ' ')))).join('=');
    })
    .sort()
    .join('&');
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986, section 2.3: what encodeURIComponent leaves and Signature Version 4 does not. */
function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
