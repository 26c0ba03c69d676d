import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { createRefusalQuota } from '../../src/audit/refusalQuota.ts';
import { startAuthorizedGateway } from '../support/gateway/authorizedGateway.ts';

function counted(isWithinQuota: (address: string) => boolean, addresses: readonly string[]): number {
  return addresses.filter((address) => isWithinQuota(address)).length;
}

test('for one address, twenty refusals at once and then one a second are recorded', () => {
  let now = 0;
  const isWithinQuota = createRefusalQuota(() => now);
  const flood = Array<string>(100).fill('10.0.0.1');
  expect(counted(isWithinQuota, flood)).toBe(20);
  expect(isWithinQuota('10.0.0.2')).toBe(true);
  now = 3_000;
  expect(counted(isWithinQuota, flood)).toBe(3);
});

test('for all addresses together, two hundred refusals at once are recorded', () => {
  const isWithinQuota = createRefusalQuota(() => 0);
  const addresses = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  expect(counted(isWithinQuota, addresses)).toBe(200);
});

test('each token of a flood is refused, the first ones are recorded, and the others counted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'refusals-'));
  const file = join(directory, 'audit.log');
  const gateway = await startAuthorizedGateway({
    endpoint: 'http://127.0.0.1:1',
    datastoreIds: ['d'.repeat(32)],
    environment: { AUDIT: 'required', AUDIT_FILE: file },
  });
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => gateway.query('{ __typename }', {}, { authorization: 'Bearer bad' })),
  );
  const metrics = await (await fetch(gateway.url.replace('/graphql', '/metrics'))).text();
  await gateway[Symbol.asyncDispose]();
  const events = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('110114'));
  await rm(directory, { recursive: true });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  const unrecorded = Number(/unrecorded_refusals_total (\d+)/.exec(metrics)?.[1]);
  expect(events.length).toBeGreaterThanOrEqual(20);
  expect(events.length + unrecorded).toBe(60);
  expect(unrecorded).toBeGreaterThan(0);
});

test('each operation of a flood that its token does not allow is refused, the first ones are recorded, and the others counted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'refusals-'));
  const file = join(directory, 'audit.log');
  const gateway = await startAuthorizedGateway({
    endpoint: 'http://127.0.0.1:1',
    datastoreIds: ['d'.repeat(32)],
    environment: { AUDIT: 'required', AUDIT_FILE: file },
  });
  const flooding = gateway.bearer({ sub: 'flooding', scope: 'user/Patient.rs' });
  const search = '{ imageSets { nodes { id } } }';
  const answers = await Promise.all(Array.from({ length: 60 }, () => gateway.query(search, {}, flooding)));
  const other = await gateway.query(search, {}, gateway.bearer({ sub: 'other', scope: 'user/Patient.rs' }));
  const metrics = await (await fetch(gateway.url.replace('/graphql', '/metrics'))).text();
  await gateway[Symbol.asyncDispose]();
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('FORBIDDEN'));
  await rm(directory, { recursive: true });
  expect(new Set([...answers, other].map(({ status }) => status))).toEqual(new Set([403]));
  const unrecorded = Number(/unrecorded_refusals_total (\d+)/.exec(metrics)?.[1]);
  expect(lines.filter((line) => line.includes('other')).length).toBe(1);
  expect(lines.length).toBeGreaterThanOrEqual(21);
  expect(lines.length + unrecorded).toBe(61);
  expect(unrecorded).toBeGreaterThan(0);
});
