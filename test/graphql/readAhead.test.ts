import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { startRecordingProxy, type RecordingProxy } from '../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../support/gateway/withLocal.ts';

// Windows after the first one, over HTTP: what HealthImaging is asked for once they have been answered.

const rowCount = 200;
const start = Date.parse('2026-11-01T00:00:00Z');

const document = `query ($first: Int!, $after: String) {
  imageSets(filter: { patientId: { equal: "PATIENT" } }, first: $first, after: $after) {
    nodes { imageSetId }
    pageInfo { endCursor hasNextPage }
  }
}`;

interface Window {
  readonly nodes: readonly { readonly imageSetId: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

let local: Local;
let proxy: RecordingProxy;
let upstreamDelayMs = 0;

beforeAll(async () => {
  local = await withLocal({
    imageSets: Array.from({ length: rowCount }, (_, index) => ({
      studyInstanceUid: `1.2.${index}`,
      seriesInstanceUid: `1.2.${index}.1`,
      updatedAt: start + index * 1_000,
      tags: { DICOMPatientId: 'PATIENT' },
    })),
  });
  proxy = await startRecordingProxy(local.url, { delayOf: () => upstreamDelayMs });
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await local.close();
});
beforeEach(() => {
  proxy.take();
  upstreamDelayMs = 0;
});

function begin(environment = {}): Promise<TestGateway> {
  return startTestGateway({ endpoint: proxy.url, datastoreIds: [local.datastoreId], environment });
}

async function open(
  gateway: TestGateway,
  first: number,
  after?: string,
): Promise<Window & { readonly cost: unknown }> {
  const { body } = await gateway.query(document, { first, after }, { 'x-graphql-cost': '1' });
  expect(body.errors).toBeUndefined();
  const { cost } = (body as { readonly extensions?: { readonly cost?: unknown } }).extensions ?? {};
  return { ...(body.data as { readonly imageSets: Window }).imageSets, cost };
}

/** The calls until there are so many, or for long enough that more would have come. */
async function callsUntil(count: number): Promise<number> {
  let calls = 0;
  for (let wait = 0; wait < 40 && calls < count; wait += 1) {
    await delay(10);
    calls += proxy.take().length;
  }
  return calls;
}

test('the page behind the one that a window ends in is there when it is needed', async () => {
  await using gateway = await begin();
  const first = await open(gateway, 10);
  expect(await callsUntil(2)).toBe(1);
  const second = await open(gateway, 10, first.pageInfo.endCursor);
  expect(await callsUntil(2)).toBe(2);
  const ids = new Set([...first.nodes, ...second.nodes].map(({ imageSetId }) => imageSetId));
  let { endCursor } = second.pageInfo;
  for (let window = 0; window < 4; window += 1) {
    // Nothing can be got from HealthImaging before the window is answered.
    upstreamDelayMs = Number.POSITIVE_INFINITY;
    const { nodes, pageInfo } = await open(gateway, 10, endCursor);
    for (const { imageSetId } of nodes) ids.add(imageSetId);
    ({ endCursor } = pageInfo);
    upstreamDelayMs = 0;
  }
  expect(ids.size).toBe(60);
});

test('a whole walk takes no more calls than one for 49 rows, and two more', async () => {
  await using gateway = await begin();
  const ids: string[] = [];
  for (let after: string | undefined, hasNext = true; hasNext;) {
    const { nodes, pageInfo } = await open(gateway, 10, after);
    ids.push(...nodes.map(({ imageSetId }) => imageSetId));
    ({ hasNextPage: hasNext, endCursor: after } = pageInfo);
  }
  expect([ids.length, new Set(ids).size]).toEqual([rowCount, rowCount]);
  expect(await callsUntil(10)).toBeLessThanOrEqual(Math.ceil(rowCount / 49) + 2);
});

test('whoever asked does not pay for what is read ahead', async () => {
  await using gateway = await begin();
  const { pageInfo } = await open(gateway, 10);
  const next = await open(gateway, 10, pageInfo.endCursor);
  expect(await callsUntil(3)).toBe(3);
  const kept = await open(gateway, 10, next.pageInfo.endCursor);
  expect([next.cost, kept.cost]).toMatchObject([{ actual: 22 }, { actual: 12 }]);
});

test.each<[string, Record<string, string>]>([
  ['the rate is spoken for', { HEALTHIMAGING_SEARCH_RATE: '1', HEALTHIMAGING_SEARCH_BURST: '2' }],
  ['no pages are kept', { PAGE_CACHE_BYTES: '0' }],
])('nothing is read ahead where %s', async (_why, environment) => {
  await using gateway = await begin(environment);
  const { pageInfo } = await open(gateway, 10);
  await open(gateway, 10, pageInfo.endCursor);
  expect(await callsUntil(3)).toBe(2);
});
