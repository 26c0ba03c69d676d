import type { JSONWebKeySet } from 'jose';

import { isConfidential } from '../loopback.ts';

/** Why the issuer's keys could not be fetched: fixed names, for metrics and the log. */
export type IssuerFaultReason =
  | 'timeout'
  | 'unreachable'
  | 'status'
  | 'too_large'
  | 'not_json'
  | 'other_issuer'
  | 'insecure_keys_url'
  | 'no_key_set';

export class IssuerFault extends Error {
  readonly reason: IssuerFaultReason;

  constructor(reason: IssuerFaultReason, options?: ErrorOptions) {
    super(`The issuer's keys could not be fetched: ${reason}.`, options);
    this.name = 'IssuerFault';
    this.reason = reason;
  }
}

export interface IssuerAddress {
  /** What `iss` of its tokens equals. */
  readonly issuer: string;
  /** URL of its key set; undefined: as its discovery document says. */
  readonly jwksUrl: string | undefined;
}

export interface FetchOptions {
  readonly fetch: typeof fetch;
  /** Ends discovery and the fetch of keys alike. */
  readonly signal: AbortSignal;
}

/** Key sets have a few KB, some dozen with certificate chains. */
const maximumBytes = 262_144;

/** @throws {IssuerFault} */
export async function fetchKeySet(address: IssuerAddress, options: FetchOptions): Promise<JSONWebKeySet> {
  const url = address.jwksUrl ?? (await discoverKeysUrl(address.issuer, options));
  const set = await fetchObject(url, options);
  if (!Array.isArray(set['keys'])) throw new IssuerFault('no_key_set');
  // jose checks the keys themselves.
  return set as unknown as JSONWebKeySet;
}

async function discoverKeysUrl(issuer: string, options: FetchOptions): Promise<string> {
  const [first, second] = discoveryUrls(issuer);
  try {
    return await keysUrlAt(first, issuer, options);
  } catch (error) {
    // Only where there is no such document: a wrong one must not be passed over for another.
    if (!(error instanceof IssuerFault) || error.reason !== 'status') throw error;
    return keysUrlAt(second, issuer, options);
  }
}

/**
 * OpenID Connect Discovery 1.0, section 4, appends to the issuer's path; RFC 8414, section 3, inserts between host and path.
 * Both remove a trailing slash.
 */
export function discoveryUrls(issuer: string): readonly [openId: string, oauth: string] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

async function keysUrlAt(url: string, issuer: string, options: FetchOptions): Promise<string> {
  const document = await fetchObject(url, options);
  // Both standards: a document that names another issuer must not be used.
  if (document['issuer'] !== issuer) throw new IssuerFault('other_issuer');
  const keysUrl = document['jwks_uri'];
  if (typeof keysUrl !== 'string' || !isSecure(keysUrl)) throw new IssuerFault('insecure_keys_url');
  return keysUrl;
}

function isSecure(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== '' || url.password !== '') return false;
  return isConfidential(url);
}

async function fetchObject(
  url: string,
  { fetch, signal }: FetchOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { accept: 'application/json, application/jwk-set+json' };
  let text: string;
  try {
    // `manual`: a redirect is not followed, and refused below for its status.
    text = await boundedText(await fetch(url, { signal, headers, redirect: 'manual' }));
  } catch (cause) {
    if (cause instanceof IssuerFault) throw cause;
    throw new IssuerFault(signal.aborted ? 'timeout' : 'unreachable', { cause });
  }
  return parsedObject(text);
}

async function boundedText(response: Response): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new IssuerFault('status');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw new IssuerFault('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsedObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new IssuerFault('not_json', { cause });
  }
  if (typeof value !== 'object' || value === null) throw new IssuerFault('not_json');
  return value as Readonly<Record<string, unknown>>;
}
