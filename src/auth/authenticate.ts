import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

import { GatewayError } from '../errors.ts';
import type { SignatureAlgorithm } from '../config/auth.ts';
import { principalOf, type AuthorizationOptions } from './authorize.ts';
import { claimFault, type ClaimFault } from './claimFault.ts';
import type { Principal } from './principal.ts';
import { readTokenForm, type FormFault } from './tokenForm.ts';

/** Fixed names: they become labels of metrics. Clients are not told them. */
export type RefusalReason =
  FormFault | ClaimFault | 'key' | 'signature' | 'issuer' | 'audience' | 'expired' | 'claims' | 'principal';

/** Who a bearer token speaks for, or why it is refused. */
export type Authenticated = { readonly principal: Principal } | { readonly reason: RefusalReason };

/** @throws {GatewayError} AUTHENTICATION_UNAVAILABLE: the keys to check it with cannot be had */
export type Authenticate = (token: string) => Promise<Authenticated>;

export interface AuthenticateOptions {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** One of them must be in `aud`. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly clockSkewSeconds: number;
  readonly keyOf: JWTVerifyGetKey;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly authorization: AuthorizationOptions;
}

/** Access tokens as RFC 9068 has them, and those of issuers older than it: signed JWTs of one issuer. */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { issuer, audiences, algorithms, clockSkewSeconds, keyOf, authorization } = options;
  return async (token) => {
    const form = readTokenForm(token, algorithms);
    if ('fault' in form) return { reason: form.fault };
    // Here, not after the key is found: a token of another issuer is no reason to ask this one for its keys.
    if (form.claims['iss'] !== issuer) return { reason: 'issuer' };
    const now = options.now();
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        issuer,
        audience: [...audiences],
        algorithms: [...algorithms],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(now),
        requiredClaims: ['exp', 'sub'],
      });
      const fault = claimFault(payload, now, clockSkewSeconds);
      if (fault !== undefined) return { reason: fault };
      const principal = principalOf(payload, authorization);
      return principal === undefined ? { reason: 'principal' } : { principal };
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      return { reason: reasonOf(error) };
    }
  };
}

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  // None of that id, several without one, one too weak or of another kind.
  return 'key';
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): RefusalReason {
  if (claim === 'aud') return 'audience';
  return claim === 'nbf' && reason === 'check_failed' ? 'not_yet_valid' : 'claims';
}
