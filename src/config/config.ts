import { logLevels } from '../log/log.ts';
import { auditSettings, authenticationSettings, edgeSettings, limitSettings } from './securitySettings.ts';
import { setting, type Setting } from './setting.ts';
import { aes256Key, callRate, httpUrl, listOf, matching, oneOf, origin, wholeNumber } from './parsers.ts';

function rateOf(operation: string, name: string, rate: number, burst: number) {
  return [
    setting(`HEALTHIMAGING_${name}_RATE`, callRate, undefined, [
      `${rate} (AWS); unlimited (embedded)`,
      `${operation} calls a second, or \`unlimited\``,
    ]),
    setting(`HEALTHIMAGING_${name}_BURST`, wholeNumber(1, 100_000), undefined, [
      `${burst} (AWS)`,
      `${operation} calls at once`,
    ]),
  ] as const;
}

const [searchRate, searchBurst] = rateOf('SearchImageSets', 'SEARCH', 25, 50);
const [getImageSetRate, getImageSetBurst] = rateOf('GetImageSet', 'GET_IMAGE_SET', 25, 50);
const [metadataRate, metadataBurst] = rateOf('GetImageSetMetadata', 'METADATA', 50, 100);
const [versionsRate, versionsBurst] = rateOf('ListImageSetVersions', 'VERSIONS', 25, 50);
const [datastoreRate, datastoreBurst] = rateOf('GetDatastore', 'DATASTORE', 10, 20);

/** Every setting that is read from the environment: the README's table is this table. */
export const settings = {
  port: setting('PORT', wholeNumber(0, 65_535), 4000, ['4000', 'port to listen on; 0 takes a free one']),
  host: setting('HOST', matching(/^[\w.:-]+$/, 'a host name or address'), '127.0.0.1', [
    '127.0.0.1',
    'address to listen on; beyond loopback only with authentication, or with AUTH=none',
  ]),
  ...authenticationSettings,
  datastoreIds: setting(
    'HEALTHIMAGING_DATASTORE_IDS',
    listOf(matching(/^[0-9a-z]{32}$/, '32 digits or lower-case letters')),
    undefined,
    ['unset: embedded', 'data stores that may be searched, comma-separated; the first is the default one'],
  ),
  region: setting(
    'AWS_REGION',
    matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1'),
    undefined,
    [
      "AWS's own",
      "region; credentials come from the AWS SDK's standard chain (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...)",
    ],
  ),
  endpoint: setting('AWS_ENDPOINT_URL_MEDICAL_IMAGING', httpUrl, undefined, [
    'AWS',
    'another endpoint of HealthImaging (then without the `runtime-` host prefix)',
  ]),
  dataDirectory: setting('HEALTHIMAGING_DATA_DIR', matching(/./, 'a folder'), undefined, [
    'a per-user data folder',
    'where the embedded store lives',
  ]),
  pageSize: setting('HEALTHIMAGING_PAGE_SIZE', wholeNumber(1, 50), 50, [
    '50',
    'rows asked per upstream page',
  ]),
  searchRate,
  searchBurst,
  getImageSetRate,
  getImageSetBurst,
  metadataRate,
  metadataBurst,
  versionsRate,
  versionsBurst,
  datastoreRate,
  datastoreBurst,
  pageCacheBytes: setting('PAGE_CACHE_BYTES', wholeNumber(0, 2 ** 40), 67_108_864, [
    '67108864',
    'bound of the page cache; 0 turns it off',
  ]),
  pageFreshMs: setting('PAGE_FRESH_MS', wholeNumber(0, 86_400_000), 1_000, [
    '1000',
    'how old a page may be for a window without `after`, in milliseconds',
  ]),
  pageWalkMs: setting('PAGE_WALK_MS', wholeNumber(0, 86_400_000), 60_000, [
    '60000',
    'how old a page may be for a window with `after`, in milliseconds',
  ]),
  cursorKeys: setting('CURSOR_KEYS', listOf(aes256Key), undefined, [
    'embedded: made and kept in the data folder; otherwise made at start, with a warning',
    'comma-separated base64 keys of 32 bytes that seal cursors; the first seals, all open',
  ]),
  requestDeadlineMs: setting('REQUEST_DEADLINE_MS', wholeNumber(100, 600_000), 10_000, [
    '10000',
    'the longest that one request may take, in milliseconds',
  ]),
  ...limitSettings,
  ...auditSettings,
  ...edgeSettings,
  corsOrigins: setting('CORS_ORIGINS', listOf(origin), [], ['none', 'origins allowed, comma-separated']),
  ui: setting('GRAPHQL_UI', oneOf('on', 'off'), undefined, [
    'on; off when NODE_ENV=production',
    'the page at /graphql to explore the graph with',
  ]),
  environment: setting('NODE_ENV', matching(/^[\w-]+$/, 'a name such as production'), 'development', [
    'development',
    '`production` turns the explore page, introspection and suggestions off',
  ]),
  introspection: setting('GRAPHQL_INTROSPECTION', oneOf('on', 'off'), undefined, [
    'on; off when NODE_ENV=production',
    'whether clients may read the schema, and errors may suggest names of it',
  ]),
  logLevel: setting('LOG_LEVEL', oneOf(...logLevels), 'info', [
    'info',
    'JSON lines on stdout; readable when stdout is a terminal',
  ]),
} as const;

type Settings = typeof settings;

export type Config = {
  readonly [Name in keyof Settings]: Settings[Name] extends Setting<infer Value, infer Fallback>
    ? Value | Fallback
    : never;
};

/** Every fault of the settings at once. Its message names settings and what is expected, never what was set. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; an empty one counts as unset.
 * @throws {ConfigError} naming every setting that cannot be used
 */
export function loadConfig(environment: Environment): Config {
  const faults = new Map<string, string>();
  const values = Object.entries(settings).map(([key, { name, parse, fallback }]) => {
    const text = environment[name];
    if (text === undefined || text === '') return [key, fallback];
    const parsed: { value: unknown } | { expected: string } = parse(text);
    if ('value' in parsed) return [key, parsed.value];
    faults.set(name, `${name}: expected ${parsed.expected}.`);
    return [key, fallback];
  });
  // The table above is what makes the entries a Config: one of each name, of each parser's type.
  const config = Object.fromEntries(values) as Config;
  for (const { names, when, expected } of contradictions(config)) {
    // What could not be read is named already, and says nothing of the others.
    if (when && !names.some((name) => faults.has(name)))
      faults.set(names[0], `${names[0]}: expected ${expected}.`);
  }
  if (faults.size > 0) throw new ConfigError([...faults.values()]);
  return config;
}

interface Contradiction {
  /** The setting to change, and those that it does not go with. */
  readonly names: readonly [string, ...string[]];
  readonly when: boolean;
  readonly expected: string;
}

/** Settings that are fine each by itself, and unsafe or useless together. */
function contradictions(config: Config): Contradiction[] {
  const { auth, authAudience, safelistMode, safelistManifest } = config;
  const hasIssuer = config.authIssuer !== undefined;
  const ofTokens = [authAudience, config.authJwksUrl, config.authTenantClaim, config.authDatastoresClaim];
  return [
    {
      names: ['HOST', 'AUTH', 'AUTH_ISSUER'],
      when: !isLoopback(config.host) && auth === undefined && !hasIssuer,
      expected: 'a loopback address, since no authentication is configured (AUTH_ISSUER, or AUTH=none)',
    },
    {
      names: ['AUTH', 'AUTH_ISSUER'],
      when: auth === 'none' && hasIssuer,
      expected: 'it unset, since AUTH_ISSUER is set',
    },
    {
      names: ['AUTH_AUDIENCE', 'AUTH_ISSUER'],
      when: hasIssuer && authAudience === undefined,
      expected: 'the audience of this graph, since AUTH_ISSUER is set',
    },
    {
      names: ['AUTH_ISSUER'],
      when: !hasIssuer && ofTokens.some((value) => value !== undefined),
      expected: 'the issuer, since other settings of its tokens are set',
    },
    {
      names: ['SAFELIST_MANIFEST', 'SAFELIST_MODE'],
      when: safelistMode !== 'off' && safelistManifest === undefined,
      expected: 'a file, since SAFELIST_MODE is set',
    },
  ];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
