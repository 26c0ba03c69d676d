import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { withLocal, type Local } from '../support/gateway/withLocal.ts';
import { graphUrl, startCli, type RunningCli } from '../support/process/cli.ts';

jest.setTimeout(60_000);

type Line = Readonly<Record<string, unknown>>;

const unknown = 'e'.repeat(32);
const query = '{ imageSets { nodes { imageSetId } } }';
const warn = 40;

let home: string;
let local: Local;
let dead: string;
let gateway: RunningCli | undefined;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'upstream-faults-'));
  local = await withLocal();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  dead = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
});

afterAll(async () => {
  await local.close();
  await rm(home, { recursive: true });
});

afterEach(() => gateway?.end());

const credentials = { AWS_ACCESS_KEY_ID: 'AKIDSYNTHETIC', AWS_SECRET_ACCESS_KEY: 'synthetic' };

/** Without a profile, and without asking the network for the credentials of a role. */
function settings(datastoreIds: string, endpoint: string): Record<string, string> {
  return {
    HOME: home,
    PORT: '0',
    LOG_LEVEL: 'info',
    HEALTHIMAGING_DATASTORE_IDS: datastoreIds,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_MEDICAL_IMAGING: endpoint,
  };
}

function linesOf(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

/** Starts a gateway, queries it, ends it. */
async function served(environment: Record<string, string>) {
  gateway = startCli(['serve'], environment);
  const response = await fetch(await gateway.printed(graphUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  await response.json();
  gateway.child.kill('SIGTERM');
  const { code, stdout } = await gateway.finished;
  const requestId = response.headers.get('x-request-id');
  return { code, lines: linesOf(stdout), requestId };
}

describe('each fault is in the log, with its code and the id of the request', () => {
  test.each([
    ['no credentials', () => settings(local.datastoreId, local.url), 'UPSTREAM_AUTH_FAILED'],
    [
      'a dead endpoint',
      () => ({ ...settings(local.datastoreId, dead), ...credentials }),
      'UPSTREAM_UNAVAILABLE',
    ],
    ['an unknown data store', () => ({ ...settings(unknown, local.url), ...credentials }), 'NOT_FOUND'],
  ])('%s', async (_title, environment, errorCode) => {
    const { code, lines, requestId } = await served(environment());
    expect(lines.filter((line) => line['msg'] === 'answered')).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        requestId,
        method: 'POST',
        route: '/graphql',
        status: 200,
        milliseconds: expect.any(Number),
        operationType: 'query',
        errorCodes: [errorCode],
        msg: 'answered',
      },
    ]);
    expect(code).toBe(0);
  });
});

describe('a data store that HealthImaging does not know', () => {
  const environment = () => ({ ...settings(`${local.datastoreId},${unknown}`, local.url), ...credentials });

  test('is named in a warning at the start, the others are not', async () => {
    const { code, lines } = await served(environment());
    const named = lines.filter((line) => line['level'] === warn && 'datastoreId' in line);
    expect(named).toEqual([expect.objectContaining({ datastoreId: unknown, code: 'NOT_FOUND' })]);
    expect(code).toBe(0);
  });

  test('keeps the gateway from starting with SETTINGS=strict', async () => {
    gateway = startCli(['serve'], {
      ...environment(),
      CURSOR_KEYS: Buffer.alloc(32, 1).toString('base64'),
      SETTINGS: 'strict',
    });
    const { code, stdout, stderr } = await gateway.finished;
    expect(stderr).toBe(
      `The settings cannot be used:\n  HEALTHIMAGING_DATASTORE_IDS: HealthImaging does not know the data store ${unknown}.\n`,
    );
    expect([code, stdout.includes('The graph')]).toEqual([2, false]);
  });
});
