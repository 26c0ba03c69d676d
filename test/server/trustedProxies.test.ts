import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../support/gateway/withLocal.ts';

let directory: string;
let local: Local;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trusted-proxies-'));
  local = await withLocal();
});
afterAll(async () => {
  await local.close();
  await rm(directory, { recursive: true });
});

/** The one of these addresses that the audit event of a search names as the client's. */
async function clientOf(trusted: string, forwarded: string): Promise<string[]> {
  const AUDIT_FILE = join(directory, `${trusted.replaceAll('/', '-')}.audit`);
  await using gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: { AUDIT: 'on', AUDIT_FILE, TRUSTED_PROXIES: trusted },
  });
  await gateway.query('{ imageSets { nodes { id } } }', undefined, { 'x-forwarded-for': forwarded });
  const events = await readFile(AUDIT_FILE, 'utf8');
  return ['127.0.0.1', '203.0.113.7', '198.51.100.9'].filter((address) => events.includes(address));
}

test("the address that a trusted proxy forwards is the client's", async () => {
  expect(await clientOf('127.0.0.1', '203.0.113.7')).toEqual(['203.0.113.7']);
  expect(await clientOf('127.0.0.0/8', '203.0.113.7')).toEqual(['203.0.113.7']);
});

test('an address that the client itself added is not used', async () => {
  expect(await clientOf('127.0.0.1/32', '198.51.100.9, 203.0.113.7')).toEqual(['203.0.113.7']);
});

test('an address from a proxy that is not trusted is not used', async () => {
  expect(await clientOf('', '203.0.113.7')).toEqual(['127.0.0.1']);
  expect(await clientOf('192.0.2.1', '203.0.113.7')).toEqual(['127.0.0.1']);
});
