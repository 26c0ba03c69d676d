import type { Claims } from './authorize.ts';

/** Why an access token is refused although its signature, issuer and audience are good. */
export type ClaimFault = 'times' | 'not_yet_valid' | 'other_kind' | 'bound';

/** The end of the year 9999, in seconds since 1970: a larger number is a time in milliseconds, or no time at all. */
const latestTime = 253_402_300_799;

/** Claims that are a NumericDate (RFC 7519, section 2). */
const timeClaims = ['exp', 'nbf', 'iat'];

/** Values of Keycloak's claim `typ` that are not an access token's. */
const otherTypes = new Set<unknown>(['ID', 'Refresh', 'Offline', 'Logout']);

/**
 * Claims of other tokens that issuers sign with the same keys: hashes in ID tokens (OpenID Connect Core, section 3.3.2.11),
 * `events` in logout and security event tokens (RFC 8417).
 */
const otherClaims = ['at_hash', 'c_hash', 's_hash', 'events'];

/**
 * Checks what jose leaves unchecked of claims whose signature, `iss`, `aud`, `exp` and `nbf` it has verified.
 * @param now milliseconds since 1970
 */
export function claimFault(claims: Claims, now: number, clockSkewSeconds: number): ClaimFault | undefined {
  if (!timeClaims.every((name) => isTime(claims[name]))) return 'times';
  const { iat, cnf } = claims;
  if (typeof iat === 'number' && iat > secondsOf(now) + clockSkewSeconds) return 'not_yet_valid';
  if (isOtherKind(claims)) return 'other_kind';
  // RFC 7800: valid only for a client that proves it has a key, and such proofs are not checked here.
  return cnf === undefined ? undefined : 'bound';
}

function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}

/** Bounded because JSON's 1e999 is read as infinity: such a token would never expire. */
function isTime(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Math.abs(value) <= latestTime);
}

/** RFC 8725, section 3.12; few issuers say in the header `typ` which kind a token is. `token_use` is Cognito's. */
function isOtherKind(claims: Claims): boolean {
  const { typ, token_use: use } = claims;
  return (
    otherClaims.some((name) => Object.hasOwn(claims, name)) ||
    otherTypes.has(typ) ||
    (use !== undefined && use !== 'access')
  );
}
