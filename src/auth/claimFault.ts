import type { Claims } from './authorize.ts';

/** Why a token of a good signature, issuer and audience is refused all the same. */
export type ClaimFault = 'times' | 'not_yet_valid' | 'other_kind' | 'bound';

/** The end of the year 9999, in seconds. Beyond it no date can be written, and a time in milliseconds is there. */
const latestTime = 253_402_300_799;

/** Those of Keycloak's `typ` that are no access token's. */
const otherTypes = new Set<unknown>(['ID', 'Refresh', 'Offline', 'Logout']);

/**
 * What jose leaves unchecked of claims whose signature, `iss`, `aud`, `exp` and `nbf` it checked.
 * @param now milliseconds since 1970
 */
export function claimFault(claims: Claims, now: number, clockSkewSeconds: number): ClaimFault | undefined {
  // JSON's 1e999 is read as infinity, and a token must not last for ever.
  if (![claims['exp'], claims['nbf'], claims['iat']].every(isTime)) return 'times';
  const issuedAt = claims['iat'];
  if (typeof issuedAt === 'number' && issuedAt > Math.floor(now / 1_000) + clockSkewSeconds) {
    return 'not_yet_valid';
  }
  if (isOtherKind(claims)) return 'other_kind';
  // RFC 7800: good only for who shows a key or a certificate, which is not looked at here.
  return claims['cnf'] === undefined ? undefined : 'bound';
}

function isTime(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Math.abs(value) <= latestTime);
}

/**
 * RFC 8725, section 3.12: an issuer signs more than access tokens with its keys, and few say which in `typ`.
 * ID tokens have hashes (OpenID Connect Core, section 3.3.2.11) or Cognito's `token_use`, logout and security event
 * tokens have `events` (RFC 8417).
 */
function isOtherKind(claims: Claims): boolean {
  const use = claims['token_use'];
  return (
    ['at_hash', 'c_hash', 's_hash', 'events'].some((name) => Object.hasOwn(claims, name)) ||
    otherTypes.has(claims['typ']) ||
    (use !== undefined && use !== 'access')
  );
}
