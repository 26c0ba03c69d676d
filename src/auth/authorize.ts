import type { Grant, Principal } from './principal.ts';
import { imagingScopeOf } from './smartScopes.ts';

/** The claims of a bearer token whose signature, issuer, audience and times were checked. */
export type Claims = Readonly<Record<string, unknown>>;

export interface AuthorizationOptions {
  /** The configured data stores. */
  readonly datastoreIds: readonly string[];
  /** Claim with the Patient ID that `patient/` scopes are confined to. */
  readonly patientClaim: string;
  /** Claim with the data stores that a token is good for; undefined: all configured ones. */
  readonly datastoresClaim: string | undefined;
  /** Claim with the tenant; undefined: there are no tenants. */
  readonly tenantClaim: string | undefined;
}

const longestPatientId = 512;

/**
 * Who a token speaks for, and what it grants. Undefined when it names nobody, or no tenant where there are tenants:
 * such a token is of no use.
 */
export function principalOf(claims: Claims, options: AuthorizationOptions): Principal | undefined {
  const { iss, sub } = claims;
  const tenant = options.tenantClaim === undefined ? '' : textClaim(claims, options.tenantClaim);
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || tenant === undefined) {
    return undefined;
  }
  return {
    id: JSON.stringify([iss, sub]),
    tenant,
    issuer: iss,
    subject: sub,
    // RFC 9068, section 2.2; `azp` is OpenID Connect's older name.
    clientId: textClaim(claims, 'client_id') ?? textClaim(claims, 'azp'),
    grant: grantOf(claims, options),
  };
}

/**
 * SMART's rights add up, but for this: a `patient/` scope of a launch with a patient confines everything, whatever else
 * is granted beside it. Without a patient it grants nothing; with one that no search can be confined to, such as a number,
 * nothing is granted at all, or a slip of the issuer would open every patient's data.
 */
export function grantOf(claims: Claims, options: AuthorizationOptions): Grant {
  const { patientClaim } = options;
  const patientId = patientIdOf(claims, patientClaim);
  const scopes = scopesOf(claims)
    .map(imagingScopeOf)
    .filter((scope) => scope !== undefined);
  const confined = scopes.some(({ level }) => level === 'patient') && hasValue(claims, patientClaim);
  const granted = scopes.filter(({ level }) => (confined ? patientId !== undefined : level !== 'patient'));
  return {
    search: granted.some(({ search }) => search),
    read: granted.some(({ read }) => read),
    patientId: confined ? patientId : undefined,
    datastoreIds: datastoresOf(claims, options),
  };
}

/** Text that is not blank: image sets without a Patient ID are nobody's own. */
function patientIdOf(claims: Claims, name: string): string | undefined {
  const patientId = textClaim(claims, name);
  return patientId !== undefined && patientId.trim() !== '' && patientId.length <= longestPatientId
    ? patientId
    : undefined;
}

function hasValue(claims: Claims, name: string): boolean {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return value !== undefined && value !== null && value !== '';
}

/** RFC 8693, section 4.2: `scope`, text with blanks between; some issuers have a list, or call it `scp`. */
function scopesOf(claims: Claims): readonly string[] {
  return [...words(claims['scope']), ...words(claims['scp'])];
}

function datastoresOf(claims: Claims, { datastoreIds, datastoresClaim }: AuthorizationOptions) {
  if (datastoresClaim === undefined) return datastoreIds;
  const claimed = new Set(words(claims[datastoresClaim]));
  return datastoreIds.filter((datastoreId) => claimed.has(datastoreId));
}

/** A list of texts, or one text with blanks between; anything else holds no words. */
function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

function textClaim(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
