import { setting } from './setting.ts';
import { aes256Key, listOf, matching, networkRange, oneOf, secureUrl, wholeNumber } from './parsers.ts';

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

export const authenticationSettings = {
  auth: setting('AUTH', oneOf('none'), undefined, [
    'unset',
    '`none`: serve without authentication beyond loopback, by express word',
  ]),
  authIssuer: setting('AUTH_ISSUER', secureUrl, undefined, [
    'none',
    'issuer of the bearer tokens (JWT) that are then required, exactly as their `iss` claim has it',
  ]),
  authAudience: setting('AUTH_AUDIENCE', listOf(matching(/^\S+$/, 'an audience without blanks')), undefined, [
    'none',
    'audiences accepted (`aud`), comma-separated; required with AUTH_ISSUER',
  ]),
  authJwksUrl: setting('AUTH_JWKS_URL', secureUrl, undefined, [
    "from the issuer's discovery document",
    'where the keys of the issuer are',
  ]),
  authAlgorithms: setting(
    'AUTH_ALGORITHMS',
    listOf(oneOf(...signatureAlgorithms)),
    ['RS256', 'RS384', 'ES256', 'ES384'],
    ['RS256,RS384,ES256,ES384', 'signature algorithms accepted, comma-separated; never a symmetric one'],
  ),
  authClockSkew: setting('AUTH_CLOCK_SKEW_S', wholeNumber(0, 300), 30, [
    '30',
    "how far the issuer's clock may be off, in seconds",
  ]),
  authPatientClaim: setting('AUTH_PATIENT_CLAIM', claimName, 'patient', [
    'patient',
    'claim with the Patient ID that `patient/` scopes are confined to',
  ]),
  authTenantClaim: setting('AUTH_TENANT_CLAIM', claimName, undefined, [
    'none',
    'claim with the tenant; cursors of one tenant are of no use to another',
  ]),
  authDatastoresClaim: setting('AUTH_DATASTORES_CLAIM', claimName, undefined, [
    'none: all configured ones',
    'claim with the data stores that the token is good for, a list or text with blanks between',
  ]),
  authDirectives: setting('AUTH_DIRECTIVES', oneOf('on', 'off'), 'off', [
    'off',
    '`on`: publish `@authenticated` and `@requiresScopes` in the SDL, for routers; enforced here either way',
  ]),
} as const;

export const limitSettings = {
  limitMode: setting('LIMIT_MODE', oneOf('enforce', 'warn'), 'enforce', [
    'enforce',
    '`warn`: let operations beyond a limit pass, log and count them',
  ]),
  limitDepth: setting('LIMIT_DEPTH', wholeNumber(1, 1_000), 10, ['10', 'levels of fields of an operation']),
  limitAliases: setting('LIMIT_ALIASES', wholeNumber(0, 10_000), 15, ['15', 'aliases of an operation']),
  limitRootFields: setting('LIMIT_ROOT_FIELDS', wholeNumber(1, 1_000), 5, [
    '5',
    'root fields of an operation',
  ]),
  limitDirectives: setting('LIMIT_DIRECTIVES', wholeNumber(0, 10_000), 20, [
    '20',
    'directives of an operation',
  ]),
  limitTokens: setting('LIMIT_TOKENS', wholeNumber(10, 100_000), 1_000, [
    '1000',
    'lexical tokens of a document',
  ]),
  limitCost: setting('LIMIT_COST', wholeNumber(1, 1_000_000), 1_000, [
    '1000',
    'cost of an operation, where a call of HealthImaging is 10 and an image set is 1 (`@cost`, `@listSize`)',
  ]),
  costPerMinute: setting('COST_PER_MINUTE', wholeNumber(1, 1_000_000_000), 30_000, [
    '30000',
    'cost that one principal may spend in a minute; with authentication only',
  ]),
  redisUrl: setting('REDIS_URL', matching(/^rediss?:\/\/\S+$/, 'a redis:// or rediss:// URL'), undefined, [
    'none: in memory',
    'Redis that keeps what principals spent, for several replicas',
  ]),
  safelistMode: setting('SAFELIST_MODE', oneOf('off', 'audit', 'enforce'), 'off', [
    'off',
    '`audit`: log and count operations that are not in the safelist; `enforce`: refuse them',
  ]),
  safelistManifest: setting('SAFELIST_MANIFEST', matching(/./, 'a file'), undefined, [
    'none',
    'persisted query manifest (`apollo-persisted-query-manifest`, version 1)',
  ]),
} as const;

export const edgeSettings = {
  compression: setting('COMPRESSION', oneOf('on', 'off'), 'on', [
    'on',
    '`off` where a proxy compresses answers',
  ]),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    listOf(networkRange),
    [],
    ['none', 'addresses or CIDR ranges whose X-Forwarded-For is believed, comma-separated'],
  ),
} as const;

export const auditSettings = {
  audit: setting('AUDIT', oneOf('off', 'on', 'required'), undefined, [
    'on with authentication, off without',
    '`on`: an event for every search and read; `required`: and no answer where it cannot be written',
  ]),
  auditFormat: setting('AUDIT_FORMAT', oneOf('fhir', 'dicom'), 'fhir', [
    'fhir',
    '`fhir`: AuditEvent (IHE BALP) as JSON; `dicom`: audit message (PS3.15) as XML',
  ]),
  auditFile: setting('AUDIT_FILE', matching(/./, 'a file'), undefined, [
    'none: stdout',
    'file that events are appended to, each flushed to disk and chained to the one before',
  ]),
  auditChainKey: setting('AUDIT_CHAIN_KEY', aes256Key, undefined, [
    'none',
    'base64 key of 32 bytes for the chain: without it, whoever edits the file can also chain it anew',
  ]),
  auditValuesKey: setting('AUDIT_VALUES_KEY', aes256Key, undefined, [
    'none: no values',
    'base64 key of 32 bytes: events then hold a keyed hash of each value searched for',
  ]),
  auditSource: setting('AUDIT_SOURCE', matching(/^[\w.:-]{1,64}$/, 'a name'), 'healthimaging-graphql', [
    'healthimaging-graphql',
    'how events name this server',
  ]),
} as const;
