import type { Config } from '../tables.ts';
import { editDistance } from './editDistance.ts';
import { valuesByName } from './withoutEffect.ts';

/** Values that are allowed, but that nobody can mean: a sentence for each, which quotes none. */
export function implausibleSettings(config: Config): string[] {
  const { auth, http, process, upstream } = config;
  const { patientClaim, tenantClaim, datastoresClaim } = auth;
  return [
    ...said(
      isNearlyProduction(process.environment),
      'NODE_ENV is not `production`, although close to it: the explore page and introspection are on unless set.',
    ),
    ...said(
      process.environment === 'production' && upstream.datastoreIds === undefined,
      'NODE_ENV is `production`, but HEALTHIMAGING_DATASTORE_IDS is not set: the embedded HealthImaging is served.',
    ),
    ...said(
      http.trustedProxies.some((range) => range.endsWith('/0')),
      'TRUSTED_PROXIES has a range of all addresses: any client could then choose the address that it is known by.',
    ),
    ...said(
      tenantClaim !== undefined && tenantClaim === patientClaim,
      'AUTH_TENANT_CLAIM is the same claim as AUTH_PATIENT_CLAIM.',
    ),
    ...said(
      datastoresClaim !== undefined && [patientClaim, tenantClaim].includes(datastoresClaim),
      'AUTH_DATASTORES_CLAIM is the same claim as another setting has.',
    ),
    ...[...valuesByName(config)].flatMap(([name, value]) =>
      said(Array.isArray(value) && hasDuplicates(value), `${name} lists an item twice.`),
    ),
  ];
}

function said(condition: boolean, sentence: string): string[] {
  return condition ? [sentence] : [];
}

/** `prod`, `Production`, `producton`, `prod-eu`; not `preproduction`. */
function isNearlyProduction(environment: string): boolean {
  if (environment === 'production') return false;
  const [word = ''] = environment.toLowerCase().split(/[-_]/, 1);
  return ['prod', 'prd'].includes(word) || editDistance(word, 'production') <= 2;
}

/** Of texts and of keys. */
function hasDuplicates(items: readonly unknown[]): boolean {
  const texts = items.map((item) => (Buffer.isBuffer(item) ? item.toString('base64') : item));
  return new Set(texts).size < texts.length;
}
