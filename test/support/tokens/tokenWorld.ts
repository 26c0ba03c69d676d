import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { published, startTestIssuer, type TestIssuer } from './testIssuer.ts';
import { signers, signToken, type Signer, type TokenPart } from './signToken.ts';

/** The frozen clock of these tests, milliseconds since 1970: not at a whole second. */
export const frozenNow = Date.UTC(2026, 10, 24, 12, 0, 0, 999);
export const nowSeconds = Math.floor(frozenNow / 1_000);
export const skewSeconds = 30;
export const audience = 'https://images.example/graphql';
export const canarySubject = 'canary-subject-7f3a';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export interface TokenWorld {
  readonly issuer: TestIssuer;
  readonly keys: Readonly<
    Record<'first' | 'second' | 'curve' | 'weak' | 'foreign' | 'foreignCurve', KeyObject>
  >;
  readonly claims: Readonly<Record<string, unknown>>;
  /** A token that is good but for what is given. */
  readonly token: (parts?: TokenParts) => string;
}

export interface TokenParts {
  /** Added to the good ones; undefined takes one out; text replaces them all. */
  readonly header?: string | Readonly<Record<string, unknown>>;
  readonly claims?: string | Readonly<Record<string, unknown>>;
  readonly signer?: Signer;
}

/** An issuer with three good keys and a weak one, and tokens of it. */
export async function createTokenWorld(): Promise<TokenWorld> {
  const keys = {
    first: rsa(2_048),
    second: rsa(2_048),
    curve: ec(),
    weak: rsa(1_024),
    foreign: rsa(2_048),
    foreignCurve: ec(),
  };
  const issuer = await startTestIssuer([
    published(keys.first, 'first'),
    published(keys.second, 'second'),
    published(keys.curve, 'curve'),
    published(keys.weak, 'weak'),
  ]);
  const claims = {
    iss: issuer.url,
    aud: audience,
    sub: canarySubject,
    exp: nowSeconds + 300,
    iat: nowSeconds,
    scope: 'user/ImagingStudy.rs',
  };
  const merged = (good: Readonly<Record<string, unknown>>, own: TokenPart = {}): TokenPart =>
    typeof own === 'string' ? own : { ...good, ...own };
  return {
    issuer,
    keys,
    claims,
    token: ({ header, claims: own, signer = signers.rs256(keys.first) } = {}) =>
      signToken(merged({ alg: 'RS256', typ: 'at+jwt', kid: 'first' }, header), merged(claims, own), signer),
  };
}
