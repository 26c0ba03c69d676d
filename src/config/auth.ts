import { isLoopback } from '../loopback.ts';
import { listOf, matching, oneOf, secureUrl, wholeNumber } from './parsers.ts';
import { needsSetting, setting } from './setting.ts';

/** Of settings that only have an effect where requests are authenticated. */
export const needsAuthentication = needsSetting('AUTH_ISSUER');

/** A claim of the token by its name; claims of other issuers are often URLs. */
const claimName = matching(/^[\w:/.-]{1,200}$/, 'the name of a claim');

/** Asymmetric only: whoever can check a token must not be able to make one. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export const authSettings = {
  mode: setting(
    'AUTH',
    oneOf('none'),
    undefined,
    ['unset', '`none`: serve without authentication beyond loopback, on purpose'],
    {
      needs: (valueOf) =>
        isLoopback(String(valueOf('HOST'))) ? 'HOST is a loopback address, which needs no AUTH' : undefined,
    },
  ),
  issuer: setting('AUTH_ISSUER', secureUrl, undefined, [
    'none',
    'issuer of the access tokens (JWT) that every request then needs, exactly as in their `iss` claim',
  ]),
  audiences: setting('AUTH_AUDIENCE', listOf(matching(/^\S+$/, 'an audience without blanks')), undefined, [
    'none',
    'accepted audiences (`aud`), comma-separated; required with AUTH_ISSUER',
  ]),
  jwksUrl: setting('AUTH_JWKS_URL', secureUrl, undefined, [
    "from the issuer's discovery document",
    "URL of the issuer's keys",
  ]),
  algorithms: setting(
    'AUTH_ALGORITHMS',
    listOf(oneOf(...signatureAlgorithms)),
    ['RS256', 'RS384', 'ES256', 'ES384'],
    ['RS256,RS384,ES256,ES384', 'accepted signature algorithms, comma-separated; never a symmetric one'],
    { needs: needsAuthentication },
  ),
  clockSkewSeconds: setting(
    'AUTH_CLOCK_SKEW_S',
    wholeNumber(0, 300),
    30,
    ['30', "how far the issuer's clock may be off, in seconds"],
    { needs: needsAuthentication },
  ),
  patientClaim: setting(
    'AUTH_PATIENT_CLAIM',
    claimName,
    'patient',
    ['patient', 'claim with the Patient ID to which `patient/` scopes confine the token'],
    { needs: needsAuthentication },
  ),
  tenantClaim: setting('AUTH_TENANT_CLAIM', claimName, undefined, [
    'none',
    'claim with the tenant; cursors of one tenant are of no use in another',
  ]),
  datastoresClaim: setting('AUTH_DATASTORES_CLAIM', claimName, undefined, [
    'none: all that are configured',
    'claim with the data stores that the token grants, as a list or as text separated by spaces',
  ]),
  directives: setting('AUTH_DIRECTIVES', oneOf('on', 'off'), 'off', [
    'off',
    '`on`: publish `@authenticated` and `@requiresScopes` in the SDL, for routers; enforced here either way',
  ]),
} as const;
