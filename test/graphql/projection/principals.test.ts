import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { readLine } from '../../../src/audit/log/chain.ts';
import { eventSummary } from '../../audit/eventSummary.ts';
import {
  confined,
  launchPatient,
  otherDatastore,
  otherPatient,
  staff,
  startAuditedGateway,
  withAuditedImageSets,
  type AuditedGateway,
} from '../../support/gateway/auditedGateway.ts';
import type { Local } from '../../support/gateway/withLocal.ts';

// The same questions of the same principals to two gateways, with the projection and by graphql-js alone: the answers, what they
// cost, and what is recorded of them.

let local: Local;
let folder: string;
const gateways: { readonly gateway: AuditedGateway; readonly file: string }[] = [];

beforeAll(async () => {
  local = await withAuditedImageSets();
  folder = await mkdtemp(join(tmpdir(), 'principals-'));
  const environment = {
    COST_PER_MINUTE: '60',
    CURSOR_KEYS: Buffer.alloc(32, 9).toString('base64'),
    // One issuer's name for both, since cursors are made for whom it names.
    PAGE_CACHE_BYTES: '1000000',
    // However long a question takes, the same again finds the page.
    PAGE_FRESH_MS: '60000',
  };
  for (const projection of [true, false]) {
    const file = join(folder, `audit-${String(projection)}.log`);
    gateways.push({ file, gateway: await startAuditedGateway(local, file, environment, { projection }) });
  }
});
afterAll(async () => {
  for (const { gateway } of gateways) await gateway[Symbol.asyncDispose]();
  await local.close();
  await rm(folder, { recursive: true });
});

const principals: Readonly<Record<string, object>> = {
  staff,
  confined,
  'one who may only search': { ...staff, sub: 'searcher', scope: 'user/ImagingStudy.s' },
  'one who may only read': { ...staff, sub: 'reader', scope: 'user/ImagingStudy.r' },
  'one who may nothing': { ...staff, sub: 'nobody', scope: 'openid' },
  'one of no data store': { ...staff, sub: 'elsewhere', stores: [] },
  'one of another tenant': { ...staff, sub: 'southerner', tenant: 'south' },
};

const rows = 'nodes { id imageSetId dicomTags { patientId patientName } } pageInfo { hasNextPage }';
const documents: Readonly<Record<string, string>> = {
  'a search': `{ imageSets { ${rows} } }`,
  'the same again': `{ imageSets { ${rows} } }`,
  'the same a third time': `{ imageSets { ${rows} } }`,
  'a search for one patient': `{ imageSets(filter: { patientId: { equal: "${launchPatient}" } }) { ${rows} } }`,
  'a search for another': `{ imageSets(filter: { patientId: { equal: "${otherPatient}" } }) { ${rows} } }`,
  'a search elsewhere': `{ imageSets(datastoreId: "${otherDatastore}") { ${rows} } }`,
  'a wrong cursor': `{ imageSets(after: "AAAA") { ${rows} } }`,
  'a window that is too large': `{ imageSets(first: 501) { ${rows} } }`,
  'a search that reads': `{ imageSets(first: 1) { nodes { imageSetId properties { state } } } }`,
  'a search that is too dear': `{ imageSets(first: 500) { ${rows} } }`,
};

async function answers(gateway: AuditedGateway): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const [who, claims] of Object.entries(principals)) {
    for (const [what, document] of Object.entries(documents)) {
      const headers = { ...gateway.as(claims), 'x-graphql-cost': '1' };
      const { status, body } = await gateway.query(document, {}, headers);
      const text = JSON.stringify(body)
        .replace(/"requestId":"[^"]+"/g, '')
        .replace(/"(?:resetMs|retryAfterMs)":\d+/g, '');
      found.push({ who, what, status, text });
    }
  }
  return found;
}

async function events(file: string): Promise<unknown[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => readLine(line)?.text);
  return lines.filter((text) => text !== undefined).map((text) => eventSummary(text));
}

test('every principal gets the same answers at the same cost, and the same is recorded', async () => {
  const [projecting, executing] = gateways;
  if (projecting === undefined || executing === undefined) throw new Error('Expected two gateways.');
  const found = await answers(projecting.gateway);
  expect(found).toEqual(await answers(executing.gateway));
  expect(new Set(found.map((answer) => (answer as { status: number }).status)).size).toBeGreaterThan(2);
  expect(JSON.stringify(found)).toContain(launchPatient);
  const recorded = await events(projecting.file);
  expect(recorded).toEqual(await events(executing.file));
  expect(recorded.length).toBeGreaterThan(30);
});
