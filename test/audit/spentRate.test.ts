import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { readLine } from '../../src/audit/log/chain.ts';
import { staff, startAuditedGateway, withAuditedImageSets } from '../support/gateway/auditedGateway.ts';
import { eventSummary } from './eventSummary.ts';

const wrong = [
  '{ nothing }',
  '{',
  'mutation { any }',
  'query ($first: Int) { imageSets(first: $first) { nodes { id } } }',
];

test('a wrong document of somebody whose rate is spent is recorded as refused for that', async () => {
  const local = await withAuditedImageSets();
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  const file = join(folder, 'audit.log');
  try {
    await using gateway = await startAuditedGateway(local, file, { COST_PER_MINUTE: '10' });
    const bearer = gateway.as(staff);
    const codes: unknown[] = [];
    for (const document of ['{ nothing }', ...wrong]) {
      const { body } = await gateway.query(document, { first: 'all' }, bearer);
      codes.push(body.errors?.[0]?.extensions.code);
    }
    expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED', ...wrong.map(() => 'RATE_LIMITED')]);
    const { origin } = new URL(gateway.url);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    const counted = /^healthimaging_graphql_unrecorded_refusals_total (\d+)$/m.exec(metrics)?.[1];
    const texts = (await readFile(file, 'utf8')).split('\n').map((line) => readLine(line)?.text);
    const events = texts.filter((text) => text !== undefined).map((text) => eventSummary(text));
    // All of a trickle, and a count of a flood.
    expect(events.length + Number(counted)).toBe(wrong.length);
    expect(events).toContainEqual({ what: '110113', outcome: 'denied: RATE_LIMITED' });
  } finally {
    await local.close();
    await rm(folder, { recursive: true });
  }
});
