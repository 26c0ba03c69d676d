import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { settings } from '../../src/config/config.ts';
import { startCli, startProcess, type Finished } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(60_000);

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-process-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Where a `.env` file is that has those lines. */
async function printConfig(
  file: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  await writeFile(join(directory, '.env'), file.join('\n'));
  return startProcess([process.execPath, cli, 'config'], { environment, cwd: directory }).finished;
}

function rowsOf({ stdout }: Pick<Finished, 'stdout'>): readonly string[][] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s{2,}/));
}

const key = (letter: string) => Buffer.alloc(32, letter).toString('base64');
const secrets = [
  key('1'),
  key('2'),
  key('3'),
  'redis-p@ss/word',
  'AKIAIOSFODNN7',
  'aws-secret',
  'aws-session',
  'otel-key',
  'otel-query',
  'otel-attribute',
  'otel-password',
];
const authentication = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'graph' };

test('config prints name, value and source of every setting, and no secret', async () => {
  const finished = await printConfig(
    [
      'PORT=5000',
      'LOG_LEVEL=debug',
      'AUDIT_FILE=events',
      `CURSOR_KEYS=${secrets[0]}`,
      'AWS_PROFILE=imaging',
      'COMPRESSION=',
    ],
    {
      ...authentication,
      LOG_LEVEL: 'warn',
      AUDIT_CHAIN_KEY: secrets[1] ?? '',
      AUDIT_VALUES_KEY: secrets[2] ?? '',
      REDIS_URL: `rediss://user:${secrets[3]}@redis.example:6380/0`,
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: secrets[4] ?? '',
      AWS_SECRET_ACCESS_KEY: secrets[5] ?? '',
      AWS_SESSION_TOKEN: secrets[6] ?? '',
      AWS_WEB_IDENTITY_TOKEN_FILE: 'tokens/web',
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${secrets[7]}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://collector.example/v1?key=${secrets[8]}`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `user:${secrets[10]}@collector.example:4317`,
      OTEL_RESOURCE_ATTRIBUTES: `team=imaging,vendor.access_token=${secrets[9]}`,
      OTEL_SERVICE_NAME: 'graph\nPORT  1  environment',
      OTHER: 'not shown',
    },
  );
  expect([finished.code, finished.stderr]).toEqual([0, '']);
  const rows = rowsOf(finished);
  const masked = '********';
  expect(rows).toEqual(
    expect.arrayContaining([
      ['PORT', '5000', '.env'],
      ['HOST', '127.0.0.1', 'default'],
      ['CORS_ORIGINS', 'none', 'default'],
      ['COMPRESSION', 'on', 'default'],
      ['LOG_LEVEL', 'warn', 'environment'],
      ['AUDIT_FILE', 'events', '.env'],
      ['AUDIT_CHAIN_KEY', masked, 'environment'],
      ['AUDIT_VALUES_KEY', masked, 'environment'],
      ['CURSOR_KEYS', masked, '.env'],
      ['REDIS_URL', `rediss://${masked}@redis.example:6380/0`, 'environment'],
      ['AWS_REGION', 'eu-west-2', 'environment'],
    ]),
  );
  expect(rows.slice(settings.length)).toEqual([
    ['AWS_ACCESS_KEY_ID', masked, 'environment'],
    ['AWS_PROFILE', 'imaging', '.env'],
    ['AWS_SECRET_ACCESS_KEY', masked, 'environment'],
    ['AWS_SESSION_TOKEN', masked, 'environment'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', 'tokens/web', 'environment'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', `https://collector.example/v1?${masked}`, 'environment'],
    ['OTEL_EXPORTER_OTLP_HEADERS', masked, 'environment'],
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', `${masked}@collector.example:4317`, 'environment'],
    ['OTEL_RESOURCE_ATTRIBUTES', masked, 'environment'],
    ['OTEL_SERVICE_NAME', 'graph\\u{a}PORT', '1', 'environment', 'environment'],
  ]);
  expect(secrets.filter((secret) => finished.stdout.includes(secret))).toEqual([]);
  expect(finished.stdout).not.toContain('not shown');
});

test('the rows are those of the settings, in their order and aligned', async () => {
  const finished = await printConfig([], {});
  const rows = rowsOf(finished);
  expect(rows.map(([name]) => name)).toEqual(settings.map(({ name }) => name));
  expect(rows.filter(([, , source]) => source !== 'default').map(([name]) => name)).toEqual(['LOG_LEVEL']);
  const lines = finished.stdout.trimEnd().split('\n');
  const columnOf = (line: string) => /(?:default|environment)$/.exec(line)?.index;
  expect(new Set(lines.map(columnOf)).size).toBe(1);
});

test('what cannot be meant is said on stderr, and is a fault where SETTINGS is strict', async () => {
  const warned = await printConfig(['PROT=1'], { NODE_ENV: 'prod' });
  expect([warned.code, warned.stderr]).toEqual([
    0,
    expect.stringMatching(/^PROT is not a setting; PORT is\.\nNODE_ENV is not `production`, [^\n]*\n$/),
  ]);
  const refused = await printConfig(['PROT=1'], { SETTINGS: 'strict' });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    'The settings cannot be used:\n  PROT is not a setting; PORT is.\n',
  ]);
  expect(refused.stdout).toContain('SETTINGS');
});

test('every fault of the settings is named', async () => {
  const { code, stdout, stderr } = await printConfig(['PORT=secret'], { PAGE_WALK_MS: 'secret' });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^The settings cannot be used:\n {2}PORT: expected .*\n {2}PAGE_WALK_MS: expected .*\n$/,
  );
  expect(`${stdout}${stderr}`).not.toContain('secret');
  const rows = rowsOf({ stdout });
  expect(rows).toHaveLength(settings.length);
  expect(rows).toEqual(
    expect.arrayContaining([
      ['PORT', '(cannot be used)', '.env'],
      ['PAGE_WALK_MS', '(cannot be used)', 'environment'],
      ['PAGE_FRESH_MS', '1000', 'default'],
    ]),
  );
});

test('a setting that another one asks for keeps its row, since nothing of its own is wrong', async () => {
  const finished = await printConfig([], { AUTH_ISSUER: authentication.AUTH_ISSUER });
  expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining('AUTH_AUDIENCE: expected')]);
  expect(rowsOf(finished)).toEqual(
    expect.arrayContaining([
      ['AUTH_ISSUER', authentication.AUTH_ISSUER, 'environment'],
      ['AUTH_AUDIENCE', 'none', 'default'],
    ]),
  );
});

describe('a default that other settings decide is shown as it is in force', () => {
  const home = { HOME: '/home/of-the-user', XDG_DATA_HOME: '/home/of-the-user/data' };

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string | RegExp>>]>([
    [
      'by default',
      home,
      {
        GRAPHQL_UI: 'on',
        GRAPHQL_INTROSPECTION: 'on',
        AUDIT: 'off',
        HEALTHIMAGING_DATA_DIR: /^\/home\/of-the-user\/.*healthimaging-graphql$/,
        HEALTHIMAGING_BUCKETS_DIR: /^\/home\/of-the-user\/.*healthimaging-graphql\/s3$/,
        HEALTHIMAGING_SEARCH_RATE: 'unlimited',
        HEALTHIMAGING_SEARCH_BURST: 'unlimited',
      },
    ],
    [
      'in production, with authentication and over AWS',
      {
        ...authentication,
        NODE_ENV: 'production',
        HEALTHIMAGING_DATASTORE_IDS: '12345678901234567890123456789012',
      },
      {
        GRAPHQL_UI: 'off',
        GRAPHQL_INTROSPECTION: 'off',
        AUDIT: 'on',
        HEALTHIMAGING_METADATA_RATE: '50',
        HEALTHIMAGING_METADATA_BURST: '100',
      },
    ],
  ])('%s', async (_title, environment, expected) => {
    const finished = await printConfig([], environment);
    expect([finished.code, finished.stderr]).toEqual([0, '']);
    const rows = Object.entries(expected).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : expect.stringMatching(value),
      'default',
    ]);
    expect(rowsOf(finished)).toEqual(expect.arrayContaining(rows));
  });
});

test('a folder named .env is named', async () => {
  const cwd = await mkdtemp(join(directory, 'folder-'));
  await mkdir(join(cwd, '.env'));
  const { code, stdout, stderr } = await startProcess([process.execPath, cli, 'config'], {
    environment: {},
    cwd,
  }).finished;
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe('The settings cannot be used:\n  .env: expected a file that can be read.\n');
});

test.each([
  ['--help', /^Usage: healthimaging-graphql config\n/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('config %s', async (flag, printed) => {
  const { code, stdout } = await startCli(['config', flag]).finished;
  expect([code, stdout]).toEqual([0, expect.stringMatching(printed)]);
});
