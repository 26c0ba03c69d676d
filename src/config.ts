import {
  aes256Key,
  callRate,
  httpUrl,
  listOf,
  matching,
  oneOf,
  origin,
  wholeNumber,
  type Parser,
} from './settings.ts';
import { logLevels } from './log.ts';

interface Setting<Value, Fallback> {
  readonly name: string;
  readonly parse: Parser<Value>;
  readonly fallback: Fallback;
  /** For `--help` and the README: the default in words, and what it means. */
  readonly shown: string;
  readonly meaning: string;
}

function setting<Value, const Fallback extends Value | undefined>(
  name: string,
  parse: Parser<Value>,
  fallback: Fallback,
  [shown, meaning]: readonly [shown: string, meaning: string],
): Setting<Value, Fallback> {
  return { name, parse, fallback, shown, meaning };
}

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
  auth: setting('AUTH', oneOf('none'), undefined, [
    'unset',
    '`none`: serve without authentication beyond loopback, by express word',
  ]),
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
  corsOrigins: setting('CORS_ORIGINS', listOf(origin), [], ['none', 'origins allowed, comma-separated']),
  ui: setting('GRAPHQL_UI', oneOf('on', 'off'), undefined, [
    'on; off when NODE_ENV=production',
    'the page at /graphql to explore the graph with',
  ]),
  environment: setting('NODE_ENV', matching(/^[\w-]+$/, 'a name such as production'), 'development', [
    'development',
    '`production` turns the explore page and introspection off',
  ]),
  introspection: setting('GRAPHQL_INTROSPECTION', oneOf('on', 'off'), undefined, [
    'on; off when NODE_ENV=production',
    'whether clients may read the schema',
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

/** Settings that the contract names and this version cannot honour: ignoring them would be unsafe. */
const notYet = ['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'];

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
  const faults: string[] = [];
  const values = Object.entries(settings).map(([key, { name, parse, fallback }]) => {
    const text = environment[name];
    if (text === undefined || text === '') return [key, fallback];
    const parsed: { value: unknown } | { expected: string } = parse(text);
    if ('value' in parsed) return [key, parsed.value];
    faults.push(`${name}: expected ${parsed.expected}.`);
    return [key, fallback];
  });
  // The table above is what makes the entries a Config: one of each name, of each parser's type.
  const config = Object.fromEntries(values) as Config;
  for (const name of notYet) {
    if ((environment[name] ?? '') !== '') {
      faults.push(`${name}: expected it unset, since this version does not check bearer tokens yet.`);
    }
  }
  if (!isLoopback(config.host) && config.auth === undefined) {
    faults.push('HOST: expected a loopback address, since no authentication is configured (or AUTH=none).');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
