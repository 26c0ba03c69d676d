import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

import type { SignatureAlgorithm } from '../config/auth.ts';
import { principalOf, type AuthorizationOptions, type Claims } from './authorize.ts';
import { claimFault, type ClaimFault } from './claimFault.ts';
import { readJwtForm, type FormFault } from './jwtForm.ts';
import type { Principal } from './principal.ts';
import { createRememberedTokens, type UsedKey } from './rememberedTokens.ts';

/** Fixed names, for metrics and the debug log; clients are not told why. */
export type RefusalReason =
  FormFault | ClaimFault | 'key' | 'signature' | 'issuer' | 'audience' | 'expired' | 'claims' | 'principal';

/** Whom an access token speaks for, or why it is refused. */
export type Authenticated = { readonly principal: Principal } | { readonly reason: RefusalReason };

/** @throws {GatewayError} AUTHENTICATION_UNAVAILABLE when the issuer's keys cannot be fetched */
export type Authenticate = (token: string) => Promise<Authenticated>;

export interface AuthenticateOptions {
  /** What `iss` must equal. */
  readonly issuer: string;
  /** `aud` must hold one of them. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly clockSkewSeconds: number;
  readonly keyOf: JWTVerifyGetKey;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly authorization: AuthorizationOptions;
}

/**
 * Checks access tokens of one issuer: signed JWTs as of RFC 9068, or of issuers older than it. The order is from cheap to
 * costly: form, issuer, key and signature, jose's claims, the other claims, principal. A token that has passed is remembered.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { issuer, audiences, algorithms, clockSkewSeconds, authorization } = options;
  const keyOf = strongKeyOf(options.keyOf);
  const remembered = createRememberedTokens(keyOf, clockSkewSeconds);

  async function verify(token: string, now: number): Promise<Verified> {
    let used: UsedKey | undefined;
    const usedKeyOf: JWTVerifyGetKey = async (...request) => {
      used = { request, key: await keyOf(...request) };
      return used.key;
    };
    try {
      const { payload } = await jwtVerify(token, usedKeyOf, {
        issuer,
        audience: [...audiences],
        algorithms: [...algorithms],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(now),
        requiredClaims: ['exp', 'sub'],
      });
      return { claims: payload, used };
    } catch (error) {
      // Anything else is a fault of the gateway, not of the token.
      if (error instanceof errors.JOSEError) return { reason: reasonOf(error) };
      throw error;
    }
  }

  return async (token) => {
    const now = options.now();
    const known = await remembered.find(token, now);
    if (known !== undefined) return { principal: known };
    const form = readJwtForm(token, algorithms);
    if ('fault' in form) return { reason: form.fault };
    // Before the key is looked up: a token of another issuer must not cause a fetch of this one's keys.
    if (form.claims['iss'] !== issuer) return { reason: 'issuer' };
    const verified = await verify(token, now);
    if ('reason' in verified) return verified;
    const fault = claimFault(verified.claims, now, clockSkewSeconds);
    if (fault !== undefined) return { reason: fault };
    const principal = principalOf(verified.claims, authorization);
    if (principal === undefined) return { reason: 'principal' };
    const { used, claims } = verified;
    const { exp } = claims;
    if (used !== undefined && typeof exp === 'number')
      remembered.keep(token, { ...used, principal, checkedAt: now, expiresAt: exp });
    return { principal };
  };
}

type Verified =
  { readonly claims: Claims; readonly used: UsedKey | undefined } | { readonly reason: RefusalReason };

/** RFC 7518, section 3.3. jose refuses a shorter RSA key as well, but with the TypeError of a programming error. */
const leastRsaBits = 2_048;

function strongKeyOf(keyOf: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    const key = await keyOf(header, token);
    if (isShortRsaKey(key)) throw new errors.JWKInvalid(`RSA keys have at least ${leastRsaBits} bits`);
    return key;
  };
}

function isShortRsaKey(key: Awaited<ReturnType<JWTVerifyGetKey>>): boolean {
  const bits =
    'algorithm' in key && 'modulusLength' in key.algorithm ? key.algorithm.modulusLength : undefined;
  return typeof bits === 'number' && bits < leastRsaBits;
}

/** By jose's codes, which it keeps stable; its messages are not. */
const reasons: ReadonlyMap<string, RefusalReason> = new Map([
  [errors.JWTExpired.code, 'expired'],
  [errors.JWSSignatureVerificationFailed.code, 'signature'],
]);

function reasonOf(error: errors.JOSEError): RefusalReason {
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  // No key of that `kid`, several without a `kid`, or one that cannot be used.
  return reasons.get(error.code) ?? 'key';
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): RefusalReason {
  if (claim === 'aud') return 'audience';
  return claim === 'nbf' && reason === 'check_failed' ? 'not_yet_valid' : 'claims';
}
