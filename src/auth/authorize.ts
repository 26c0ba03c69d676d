import type { Grant, Principal } from './principal.ts';
import { hasPatientScope, imagingScopeOf } from './smartScopes.ts';

/** The claims of an access token. */
export type Claims = Readonly<Record<string, unknown>>;

export interface AuthorizationOptions {
  /** The configured data stores. */
  readonly datastoreIds: readonly string[];
  /** Claim with the Patient ID that `patient/` scopes are confined to. */
  readonly patientClaim: string;
  /** Claim with the data stores that a token is valid for; undefined: all configured ones. */
  readonly datastoresClaim: string | undefined;
  /** Claim with the tenant; undefined where there are no tenants. */
  readonly tenantClaim: string | undefined;
}

/** As HealthImaging searches it: DICOMPatientId of the service model. */
const longestPatientId = 512;

/**
 * Whom verified claims speak for, and what they grant. Undefined when they name no subject, or no tenant where there are
 * tenants.
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
    // RFC 9068, section 2.2; `azp` is the older name of OpenID Connect.
    clientId: textClaim(claims, 'client_id') ?? textClaim(claims, 'azp'),
    grant: grantOf(claims, options),
  };
}

/**
 * Scopes add up, with one exception: in a launch with a patient, a `patient/` scope confines everything to that patient,
 * whatever it is for itself and whatever other scopes grant: who launched an application for one patient meant no other. In a
 * launch without a patient it grants nothing. Where the patient claim has a value that no search can be confined to, such as a
 * number or an empty text, nothing is granted at all: otherwise a mistake of the issuer would open the data of every patient.
 */
export function grantOf(claims: Claims, options: AuthorizationOptions): Grant {
  const { patientClaim } = options;
  const patientId = patientIdOf(claims, patientClaim);
  const scopes = scopesOf(claims)
    .map(imagingScopeOf)
    .filter((scope) => scope !== undefined);
  const confined =
    scopeClaims.some((name) => hasPatientScope(claims[name])) && hasValue(claims, patientClaim);
  const granted = scopes.filter(({ level }) => (confined ? patientId !== undefined : level !== 'patient'));
  return {
    search: granted.some(({ search }) => search),
    read: granted.some(({ read }) => read),
    patientId: confined ? patientId : undefined,
    datastoreIds: datastoresOf(claims, options),
  };
}

/** Never blank: image sets without a Patient ID belong to no known patient. */
function patientIdOf(claims: Claims, name: string): string | undefined {
  const patientId = textClaim(claims, name);
  return patientId !== undefined && patientId.trim() !== '' && patientId.length <= longestPatientId
    ? patientId
    : undefined;
}

function hasValue(claims: Claims, name: string): boolean {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return value !== undefined && value !== null;
}

/** RFC 8693, section 4.2: `scope`, separated by spaces. Some issuers write a list, or name the claim `scp`. */
const scopeClaims = ['scope', 'scp'];

function scopesOf(claims: Claims): readonly string[] {
  return scopeClaims.flatMap((name) => words(claims[name]));
}

function datastoresOf(claims: Claims, { datastoreIds, datastoresClaim }: AuthorizationOptions) {
  if (datastoresClaim === undefined) return datastoreIds;
  const claimed = new Set(words(claims[datastoresClaim]));
  return datastoreIds.filter((datastoreId) => claimed.has(datastoreId));
}

/** Of a list of strings, or of one string separated by spaces; none of anything else. */
function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

function textClaim(claims: Claims, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
