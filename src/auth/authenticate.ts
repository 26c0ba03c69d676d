import { jwtVerify, type JWTVerifyGetKey } from 'jose';

import { GatewayError } from '../errors.ts';
import type { SignatureAlgorithm } from '../securitySettings.ts';
import { principalOf, type AuthorizationOptions } from './authorize.ts';
import type { Principal } from './principal.ts';

/** Who a bearer token speaks for, or the name of the reason why it is refused. */
export type Authenticated = { readonly principal: Principal } | { readonly reason: string };

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

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { issuer, audiences, algorithms, clockSkewSeconds, keyOf, now, authorization } = options;
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        issuer,
        audience: [...audiences],
        algorithms: [...algorithms],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      });
      const principal = principalOf(payload, authorization);
      return principal === undefined ? { reason: 'principal' } : { principal };
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      return { reason: 'token' };
    }
  };
}
