import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startAwsGateway, type AwsGateway } from '../../support/gateway/awsGateway.ts';
import {
  after,
  exception,
  hang,
  json,
  startFaultServer,
  type Fault,
  type FaultServer,
} from '../../support/upstream/faultServer.ts';
import type { GraphqlAnswer, GraphqlError } from '../../support/gateway/testGateway.ts';
import { wirePage } from '../../support/upstream/wireSummaries.ts';

const document = `query ($patientId: String!) {
  imageSets(filter: { patientId: { equal: $patientId } }) { nodes { imageSetId } pageInfo { hasNextPage } }
}`;

/** The deadline, and what this process takes to ask so much at once, to answer it and to stand for the upstream. */
const longestAnswerMs = 11_500;
/** The bounds on calls under way and on those that wait. */
const places = 150;

interface Told {
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly milliseconds: number;
}

interface Fixture extends AsyncDisposable {
  readonly upstream: FaultServer;
  readonly query: AwsGateway['query'];
}

async function withGateway(
  fault: Fault,
  rate: { readonly perSecond: number; readonly burst: number },
): Promise<Fixture> {
  const upstream = await startFaultServer(json(wirePage(1)));
  const { gateway, query } = await startAwsGateway(upstream.url, {
    HEALTHIMAGING_SEARCH_RATE: String(rate.perSecond),
    HEALTHIMAGING_SEARCH_BURST: String(rate.burst),
  });
  // The first request of a gateway is slower than all that follow; its token is back after the delay.
  await query(document, { patientId: 'PATIENT' });
  await delay(1000 / rate.perSecond + 50);
  upstream.requests.length = 0;
  upstream.script(fault);
  return {
    upstream,
    query,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await upstream.close();
    },
  };
}

async function searchAtOnce({ query }: Fixture, count: number): Promise<Told[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const startedAt = performance.now();
      const answer = await query(document, { patientId: `PATIENT-${index}` });
      const milliseconds = performance.now() - startedAt;
      return { ...told(answer), milliseconds };
    }),
  );
}

function told({ status, body }: GraphqlAnswer): Pick<Told, 'code' | 'retryAfterMs'> {
  expect(status).toBe(200);
  const extensions: GraphqlError['extensions'] | undefined = body.errors?.[0]?.extensions;
  return { code: extensions?.code, retryAfterMs: extensions?.retryAfterMs };
}

function tally(all: readonly Told[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code = 'answered' } of all) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function slowest(all: readonly Told[]): number {
  return Math.max(...all.map(({ milliseconds }) => milliseconds));
}

/** Arrivals that a full bucket at the beginning, refilled at its rate, could not have paid for. */
function unpaid(
  { requests }: FaultServer,
  startedAt: number,
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
): number[] {
  const arrivals = requests.map(({ arrivedAt }) => arrivedAt - startedAt).sort((a, b) => a - b);
  return arrivals.filter((at, index) => index + 1 > burst + (at / 1000) * perSecond);
}

/** The most that arrived within any second. */
function mostInASecond({ requests }: FaultServer): number {
  const arrivals = requests.map(({ arrivedAt }) => arrivedAt).sort((a, b) => a - b);
  return Math.max(...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 1000).length));
}

describe('150 different searches at once, against 25 a second and a burst of 50', () => {
  const rate = { perSecond: 25, burst: 50 };
  let fixture: Fixture;
  let answers: Told[];
  let startedAt: number;

  beforeAll(async () => {
    fixture = await withGateway(after(50, json(wirePage(1))), rate);
    startedAt = performance.now();
    answers = await searchAtOnce(fixture, 150);
  });

  afterAll(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  test('arrive upstream no faster than that', () => {
    const { upstream } = fixture;
    const last = Math.max(...upstream.requests.map(({ arrivedAt }) => arrivedAt)) - startedAt;
    process.stdout.write(
      `150 searches: ${JSON.stringify(tally(answers))}, ${upstream.requests.length} calls in ${last.toFixed(0)} ms, ` +
        `at most ${mostInASecond(upstream)} in a second, slowest answer ${slowest(answers).toFixed(0)} ms\n`,
    );
    expect(unpaid(upstream, startedAt, rate)).toEqual([]);
  });

  test('are all answered, or told when to try again, inside the deadline', () => {
    for (const { code, retryAfterMs } of answers) {
      if (code === undefined) continue;
      expect(['UPSTREAM_THROTTLED', 'OVERLOADED']).toContain(code);
      expect(retryAfterMs).toBeGreaterThan(0);
    }
    expect(tally(answers)['answered']).toBeGreaterThanOrEqual(100);
    expect(slowest(answers)).toBeLessThanOrEqual(longestAnswerMs);
  });
});

describe('more than the account can carry', () => {
  test('searches whose turn would come too late are told at once when to try again', async () => {
    const rate = { perSecond: 5, burst: 10 };
    await using fixture = await withGateway(json(wirePage(1)), rate);
    const startedAt = performance.now();
    const answers = await searchAtOnce(fixture, 150);
    const refused = answers.filter(({ code }) => code === 'UPSTREAM_THROTTLED');
    process.stdout.write(`150 searches at 5 a second, burst 10: ${JSON.stringify(tally(answers))}\n`);
    for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeGreaterThan(0);
    // A turn that comes with the deadline leaves no time for the call.
    const { answered = 0, UPSTREAM_TIMEOUT: late = 0 } = tally(answers);
    expect(late).toBeLessThanOrEqual(3);
    expect(answered).toBeGreaterThanOrEqual(50);
    expect(answered + late + refused.length).toBe(150);
    expect(slowest(answers)).toBeLessThanOrEqual(longestAnswerMs);
    expect(unpaid(fixture.upstream, startedAt, rate)).toEqual([]);
  });

  test('searches beyond the 50 under way and the 100 that wait are OVERLOADED at once', async () => {
    await using fixture = await withGateway(hang, { perSecond: 10_000, burst: 10_000 });
    const answers = await searchAtOnce(fixture, 300);
    const overloaded = answers.filter(({ code }) => code === 'OVERLOADED');
    process.stdout.write(`300 searches of an upstream that hangs: ${JSON.stringify(tally(answers))}\n`);
    expect(overloaded).toHaveLength(300 - places);
    for (const { retryAfterMs } of overloaded) expect(retryAfterMs).toBeGreaterThan(0);
    expect(slowest(overloaded)).toBeLessThan(3_000);
    expect(slowest(answers)).toBeLessThanOrEqual(longestAnswerMs);
  });
});

describe('calls that are spared', () => {
  const unlimited = { perSecond: 10_000, burst: 10_000 };

  test('40 equal searches at once make at most 2 upstream calls', async () => {
    await using fixture = await withGateway(after(100, json(wirePage(1))), unlimited);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => fixture.query(document, { patientId: 'PATIENT-1' })),
    );
    expect(answers.map(({ body }) => body.errors)).toEqual(Array.from({ length: 40 }, () => undefined));
    expect(fixture.upstream.requests.length).toBeLessThanOrEqual(2);
  });

  test.each([
    { failure: '500', fault: exception(500, 'InternalServerException'), searches: 200 },
    // Each of these is told to wait: a few seconds of them show it.
    { failure: '429', fault: exception(429, 'ThrottlingException'), searches: 20 },
  ])(
    'when every call fails with $failure, $searches searches make at most 1.25 calls each',
    async ({ failure, fault, searches }) => {
      await using fixture = await withGateway(fault, unlimited);
      const codes: (string | undefined)[] = [];
      for (let index = 0; index < searches; index += 1) {
        codes.push(told(await fixture.query(document, { patientId: `PATIENT-${index}` })).code);
      }
      const calls = fixture.upstream.requests.length;
      process.stdout.write(`${failure}: ${searches} searches, ${calls} upstream calls\n`);
      expect(codes).not.toContain(undefined);
      expect(calls).toBeLessThanOrEqual(1.25 * searches);
    },
  );
});
