import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { isErrorCode } from '../../../src/errors.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { startFaultServer, type FaultServer } from '../../support/upstream/faultServer.ts';
import { forkGateway, type ForkedGateway } from '../../support/gateway/forkGateway.ts';
import type { Measurement } from '../../support/gateway/gatewayProcess.ts';
import { randomUpstream, seededRandom } from '../../support/upstream/randomFaults.ts';
import type { GraphqlAnswer } from '../../support/gateway/testGateway.ts';

// SOAK_SECONDS=600 npm run test:e2e -- test/e2e/load/soak.test.ts

const seconds = Number(process.env['SOAK_SECONDS'] ?? 60);
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const perSecond = 50;
const faultyShare = 0.3;
/** Until caches are full and the code is compiled; only then is there a state that could be kept. */
const warmUpSeconds = Math.min(60, Math.max(15, seconds / 4));
const longestAnswerMs = 10_250;

const document = `query Soak($patientId: String!, $first: Int, $after: String) {
  imageSets(filter: { patientId: { equal: $patientId } }, first: $first, after: $after) {
    edges { cursor node { imageSetId updatedAt dicomTags { patientId studyDate seriesModality } } }
    pageInfo { hasNextPage endCursor }
  }
  datastores { nodes { datastoreId } }
}`;

interface Figures {
  requests: number;
  answered: number;
  slowestMs: number;
  readonly codes: Record<string, number>;
  /** Answers that are neither data nor an error of the table. */
  readonly odd: unknown[];
}

interface Connection {
  readonly pageInfo: { readonly endCursor: string | null };
}

function note(figures: Figures, { status, headers, body }: GraphqlAnswer): void {
  const { data, errors = [] } = body;
  if (errors.length === 0) figures.answered += 1;
  for (const { extensions } of errors) {
    figures.codes[extensions.code] = (figures.codes[extensions.code] ?? 0) + 1;
  }
  const coded = errors.every(
    ({ extensions: { code, retryable, requestId } }) =>
      isErrorCode(code) &&
      code !== 'INTERNAL_SERVER_ERROR' &&
      typeof retryable === 'boolean' &&
      requestId === headers.get('x-request-id'),
  );
  const sibling = JSON.stringify(data?.['datastores']) === JSON.stringify({ nodes: [{ datastoreId }] });
  if (status !== 200 || !coded || !sibling) figures.odd.push({ status, errors, sibling });
}

let upstream: FaultServer;
let gateway: ForkedGateway;
const random = seededRandom(seed);
const { fault, counts, hangUp } = randomUpstream(faultyShare, random);

beforeAll(async () => {
  upstream = await startFaultServer(fault);
  gateway = await forkGateway(upstream.url, {
    // The faults are what is looked at; pacing.test.ts looks at the account's own rate.
    HEALTHIMAGING_SEARCH_RATE: '200',
    HEALTHIMAGING_SEARCH_BURST: '200',
    // Full after a few seconds, so that it does not grow while the heap is looked at.
    PAGE_CACHE_BYTES: '1000000',
  });
});

afterAll(async () => {
  await upstream.close();
});

/** One client's look at a worklist: its first page, or the page behind one that it has seen. */
async function look(figures: Figures, cursors: string[]): Promise<void> {
  const after = random() < 0.5 ? cursors[Math.floor(random() * cursors.length)] : undefined;
  const patientId = `PATIENT-${after === undefined ? Math.floor(random() * 100) : after.split(' ')[0]}`;
  const cursor = after?.split(' ')[1];
  const first = [10, 25, 60][Math.floor(random() * 3)];
  const startedAt = performance.now();
  figures.requests += 1;
  try {
    const answer = await gateway.query(document, { patientId, first, after: cursor });
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - startedAt);
    note(figures, answer);
    const endCursor = (answer.body.data?.['imageSets'] as Connection | null)?.pageInfo.endCursor;
    if (endCursor) cursors[Math.floor(random() * 50)] = `${patientId.slice(8)} ${endCursor}`;
  } catch (error) {
    figures.odd.push(error);
  }
  // What upstream has seen is of no use here, and would be kept for ever.
  upstream.requests.length = 0;
}

async function load(forSeconds: number): Promise<Figures> {
  const figures: Figures = { requests: 0, answered: 0, slowestMs: 0, codes: {}, odd: [] };
  const cursors: string[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let sent = 0; sent < forSeconds * perSecond; sent += 1) {
    const dueIn = startedAt + (sent * 1000) / perSecond - performance.now();
    if (dueIn > 0) await delay(dueIn);
    const one = look(figures, cursors).finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  return figures;
}

/** Without the connections that are kept for a next call: how many those are is chance. */
async function rest(): Promise<Measurement> {
  hangUp();
  gateway.hangUp();
  await delay(5_000);
  // The first look at a heap, and only that, leaves it some megabytes smaller than it found it.
  await gateway.measure();
  return gateway.measure();
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

describe(`${seconds} s at ${perSecond} requests a second, 30 % of the upstream calls going wrong`, () => {
  let before: Measurement;
  let afterwards: Measurement;
  let figures: Figures;

  beforeAll(
    async () => {
      await load(warmUpSeconds);
      before = await rest();
      figures = await load(seconds);
      afterwards = await rest();
      const { requests, answered, codes, slowestMs } = figures;
      process.stdout.write(
        `soak of ${seconds} s, seed ${seed}: ${requests} requests, ${percent(answered / requests)} answered, ` +
          `slowest ${slowestMs.toFixed(0)} ms; ${counts.all} upstream calls, ${percent(counts.wrong / counts.all)} wrong\n` +
          `errors ${JSON.stringify(codes)}\nbefore ${JSON.stringify(before)}\nafter  ${JSON.stringify(afterwards)}\n` +
          `heap ${percent(afterwards.heapBytes / before.heapBytes - 1)}, ` +
          `descriptors ${afterwards.descriptors - before.descriptors}\n`,
      );
    },
    (warmUpSeconds + seconds + 60) * 1_000,
  );

  test('the heap after collection stays within 10 %', () => {
    expect(afterwards.heapBytes).toBeLessThanOrEqual(1.1 * before.heapBytes);
  });

  test('descriptors stay within 5', () => {
    expect(Math.abs(afterwards.descriptors - before.descriptors)).toBeLessThanOrEqual(5);
  });

  test('there is no unhandled rejection and no warning', () => {
    const { unhandledRejections, warnings } = afterwards;
    expect({ unhandledRejections, warnings }).toEqual({ unhandledRejections: 0, warnings: [] });
  });

  test('every answer is data, or an error with its code beside the data of its siblings', () => {
    expect(figures.odd).toEqual([]);
    expect(figures.requests).toBe(seconds * perSecond);
    expect(Object.keys(figures.codes).length).toBeGreaterThanOrEqual(5);
    expect(figures.answered).toBeGreaterThan(0);
  });

  test('every answer is there in time', () => {
    expect(figures.slowestMs).toBeLessThanOrEqual(longestAnswerMs);
  });

  test('calls went wrong as often as they were to', () => {
    expect(Math.abs(counts.wrong / counts.all - faultyShare)).toBeLessThan(0.1);
  });

  test('and the gateway ends as it should', async () => {
    expect(await gateway.close()).toBe(0);
  });
});
