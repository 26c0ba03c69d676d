import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { SearchPage } from '../../../src/healthimaging/api.ts';
import { createPageCache } from '../../../src/healthimaging/pages/pageCache.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import {
  after,
  respond,
  exception,
  hang,
  json,
  reset,
  type Fault,
} from '../../support/upstream/faultServer.ts';
import {
  deadline,
  failureOf,
  search,
  startUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../support/gateway/withUpstream.ts';
import { wireDatastore, wirePage } from '../../support/upstream/wireSummaries.ts';

const started: Upstream[] = [];

afterEach(async () => {
  for (const upstream of started.splice(0)) await upstream.close();
});

async function upstreamThat(options: UpstreamOptions, ...faults: readonly [Fault, ...Fault[]]) {
  const upstream = await startUpstream(options, ...faults);
  started.push(upstream);
  return upstream;
}

const works = json(wirePage(1));
const down = exception(503, 'ServiceUnavailableException');
const throttle = exception(429, 'ThrottlingException', { 'retry-after': '1' });

async function codesOf(work: readonly Promise<SearchPage>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(work)) {
    const code = result.status === 'fulfilled' ? 'ok' : (result.reason as GatewayError).code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries += 1) await delay(10);
  expect(condition()).toBe(true);
}

describe('another try', () => {
  test.each([
    ['a 500', exception(500, 'InternalServerException')],
    ['a 503', down],
    ['a reset', reset],
    ['no response in time', hang],
    ['a throttle', exception(429, 'ThrottlingException', { 'retry-after': '0' })],
  ])('mends %s', async (_fault, fault) => {
    const { api, server } = await upstreamThat({ client: { attemptTimeoutMs: 400 } }, fault, works);
    expect((await search(api)).rows).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['a 400', exception(400, 'ValidationException')],
    ['a 403', exception(403, 'AccessDeniedException')],
    ['a 404', exception(404, 'ResourceNotFoundException')],
    ['a 409', exception(409, 'ConflictException')],
    ['a response of the wrong shape', respond(200, '[]')],
  ])('is not made after %s', async (_fault, fault) => {
    const { api, server } = await upstreamThat({}, fault, works);
    await failureOf(search(api));
    expect(server.requests).toHaveLength(1);
  });

  test('uses the clock that the SDK has corrected', async () => {
    const hourAhead = new Date(Date.now() + 3_600_000).toUTCString();
    const skewed = exception(403, 'RequestTimeTooSkewed', { date: hourAhead });
    const { api, server } = await upstreamThat({}, skewed, works);
    expect((await search(api)).rows).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  test('is not waited for beyond the deadline, nor longer than a call should wait', async () => {
    const { api, server } = await upstreamThat(
      {},
      exception(429, 'ThrottlingException', { 'retry-after': '2' }),
    );
    const signal = new AbortController().signal;
    const call = { signal, deadline: performance.now() + 1_000 };
    const first = await failureOf(api.searchImageSets({ datastoreId, criteria: {}, maxResults: 1 }, call));
    expect([first.code, first.retryAfterMs]).toEqual(['UPSTREAM_THROTTLED', 2_000]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('while every call fails', () => {
  test.each([
    ['connections that are reset', reset],
    ['503', down],
    ['throttles', exception(429, 'ThrottlingException', { 'retry-after': '0' })],
  ])(
    'with %s, there are 1.25 tries a call at the most',
    async (_fault, fault) => {
      const calls = 60;
      const { api, server } = await upstreamThat({}, fault);
      for (let call = 0; call < calls; call += 1) await failureOf(search(api));
      const together = Array.from({ length: 40 }, () => search(api));
      expect((await codesOf(together))['ok']).toBeUndefined();
      expect(server.requests.length).toBeLessThanOrEqual(1.25 * (calls + 40));
      // Throttles pause the calls for some four seconds on a machine at rest.
    },
    20_000,
  );

  test('the breaker opens: calls fail at once and say when to try again', async () => {
    const states: string[] = [];
    const metrics = {
      countUpstreamCall: () => undefined,
      observePacingWait: () => undefined,
      setBreakerState: (_place: unknown, state: string) => states.push(state),
    };
    const { api, server } = await upstreamThat({ halfOpenAfterMs: 500, metrics }, down);
    while ((await failureOf(search(api))).retryAfterMs === undefined);
    const calls = server.requests.length;
    const { code, retryAfterMs = 0 } = await failureOf(search(api));
    expect([code, server.requests.length]).toEqual(['UPSTREAM_UNAVAILABLE', calls]);
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(500);
    server.script(works);
    await delay(550);
    expect((await search(api)).rows).toHaveLength(1);
    expect(states).toEqual(['closed', 'open', 'half_open', 'closed']);
  });

  test('the first trial after the fault closes the breaker', async () => {
    const { api, server } = await upstreamThat({ halfOpenAfterMs: 300 }, down);
    await codesOf(Array.from({ length: 40 }, () => search(api)));
    server.script(works);
    await delay(350);
    expect((await search(api)).rows).toHaveLength(1);
    expect(await codesOf(Array.from({ length: 40 }, () => search(api)))).toEqual({ ok: 40 });
  });

  test.each([
    ['refusals', exception(400, 'ValidationException')],
    ['objects that do not exist', exception(404, 'ResourceNotFoundException')],
    ['throttles', exception(429, 'ThrottlingException', { 'retry-after': '0' })],
    ['responses of the wrong shape', respond(200, 'oops')],
  ])('with %s, the breaker stays closed', async (_what, fault) => {
    const { api, server } = await upstreamThat({ maximumAttempts: 1 }, fault);
    for (let call = 0; call < 12; call += 1) await failureOf(search(api));
    server.script(works);
    expect((await search(api)).rows).toHaveLength(1);
  });

  test('because clients leave, the breaker stays closed', async () => {
    const { api, server } = await upstreamThat({}, hang);
    for (let call = 0; call < 12; call += 1) await failureOf(search(api, { deadlineMs: 10 }));
    server.script(works);
    expect((await search(api)).rows).toHaveLength(1);
  });

  test('a trial whose client leaves passes to the next call', async () => {
    const { api, server } = await upstreamThat({ halfOpenAfterMs: 400, maximumAttempts: 1 }, down);
    while ((await failureOf(search(api))).retryAfterMs === undefined);
    server.script(hang, works);
    await delay(450);
    await failureOf(search(api, { deadlineMs: 20 }));
    expect((await search(api)).rows).toHaveLength(1);
  });
});

describe('pacing', () => {
  const rates = { SearchImageSets: { perSecond: 100, burst: 50 } };

  test('keeps 150 different searches at once within rate and burst', async () => {
    const { api, server } = await upstreamThat({ rates }, works);
    const begun = performance.now();
    const searches = Array.from({ length: 150 }, (_, index) =>
      search(api, { nextToken: `token-${index}`, deadlineMs: 10_000 }),
    );
    expect(await codesOf(searches)).toEqual({ ok: 150 });
    expect(server.requests).toHaveLength(150);
    // The bucket's own law is proven on a clock of its own; this much time they must have taken in any case.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
  });

  test('refuses calls beyond the bound with OVERLOADED at once, and says when to try again', async () => {
    const { api, server } = await upstreamThat({ maximumInFlight: 5, maximumQueued: 10 }, after(50, works));
    const codes = await codesOf(Array.from({ length: 20 }, () => search(api)));
    expect(codes).toEqual({ ok: 15, OVERLOADED: 5 });
    expect(server.requests).toHaveLength(15);
    const many = Array.from({ length: 16 }, () => search(api));
    const error = await failureOf(Promise.all(many));
    expect([error.code, error.retryAfterMs]).toEqual(['OVERLOADED', 1_000]);
    await Promise.allSettled(many);
  });

  test('ends a wait at the deadline with UPSTREAM_THROTTLED, and says when its turn would have come', async () => {
    const slow = { rates: { SearchImageSets: { perSecond: 1, burst: 1 } } };
    const { api, server } = await upstreamThat(slow, works);
    await search(api);
    const { code, retryAfterMs = 0 } = await failureOf(search(api, { deadlineMs: 50 }));
    expect(code).toBe('UPSTREAM_THROTTLED');
    expect(retryAfterMs).toBeGreaterThan(700);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);
    expect(server.requests).toHaveLength(1);
  });

  test('begins no wait that would go beyond a known deadline', async () => {
    const slow = { rates: { SearchImageSets: { perSecond: 1, burst: 1 } } };
    const { api } = await upstreamThat(slow, works);
    await search(api);
    const { signal } = new AbortController();
    const call = { signal, deadline: performance.now() + 100 };
    const error = await failureOf(api.searchImageSets({ datastoreId, criteria: {}, maxResults: 1 }, call));
    expect(error.code).toBe('UPSTREAM_THROTTLED');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each([
    ['begins no wait that would leave no time for a response', 400, works],
    ['takes no turn that comes too late for a response', 1_600, throttle],
  ])('%s', async (_behaviour, deadlineMs, first) => {
    const rates = { SearchImageSets: { perSecond: 5, burst: 1 } };
    const { api, server } = await upstreamThat({ rates, maximumAttempts: 1 }, after(50, first), hang);
    const earlier = codesOf([search(api)]);
    using signal = deadline(deadlineMs);
    const call = { signal, deadline: performance.now() + deadlineMs };
    const error = await failureOf(api.searchImageSets({ datastoreId, criteria: {}, maxResults: 1 }, call));
    expect(error.code).toBe('UPSTREAM_THROTTLED');
    expect(error.retryAfterMs).toBeGreaterThan(0);
    await earlier;
    expect(server.requests).toHaveLength(1);
  });

  test('lets no operation wait for the rate of another', async () => {
    const slow = { rates: { SearchImageSets: { perSecond: 0.1, burst: 1 } } };
    const { api, server } = await upstreamThat(slow, works);
    await search(api);
    const waiting = failureOf(search(api, { deadlineMs: 200 }));
    server.script(json(wireDatastore));
    using signal = deadline(1_000);
    expect((await api.getDatastore(datastoreId, { signal })).name).toBe('synthetic');
    expect((await waiting).code).toBe('UPSTREAM_THROTTLED');
  });
});

describe('aborts', () => {
  test('close the socket to HealthImaging soon', async () => {
    const { api, server } = await upstreamThat({}, hang);
    const controller = new AbortController();
    const reason = new GatewayError('REQUEST_CANCELLED');
    const failure = failureOf(api.getDatastore(datastoreId, { signal: controller.signal }));
    await until(() => server.requests.length === 1);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await until(() => server.requests[0]?.closedAt !== undefined);
    expect(server.openSockets()).toBe(0);
  });

  test('1,000 of them, at every stage, leave no socket, timer or listener', async () => {
    const { api, server } = await upstreamThat(
      { maximumQueued: 1_000, client: { attemptTimeoutMs: 10_000 } },
      hang,
    );
    const pages = createPageCache({
      maximumBytes: 1_000_000,
      maximumAgeMs: 60_000,
      fetch: (request, call) => api.searchImageSets(request, call),
    });
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const controllers = Array.from({ length: 1_000 }, () => new AbortController());
    const failures = controllers.map(({ signal }, index) => {
      const request = { datastoreId, criteria: {}, maxResults: 50, nextToken: `token-${index % 500}` };
      return failureOf(pages.fetch(request, { maxAgeMs: 1_000, keepAs: { search: '', request }, signal }));
    });
    await until(() => server.requests.length >= 50);
    for (const [index, controller] of controllers.entries()) {
      controller.abort(new GatewayError('REQUEST_CANCELLED'));
      if (index % 100 === 0) await delay(1);
    }
    const codes = new Set((await Promise.all(failures)).map(({ code }) => code));
    expect(codes).toEqual(new Set(['REQUEST_CANCELLED']));
    await until(() => server.openSockets() === 0);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
    await until(
      () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length <= before + 1,
    );
    server.script(works);
    expect((await search(api)).rows).toHaveLength(1);
  });
});

test('40 equal searches at once make one call to HealthImaging', async () => {
  const { api, server } = await upstreamThat({}, after(20, works));
  const pages = createPageCache({
    maximumBytes: 1_000_000,
    maximumAgeMs: 60_000,
    fetch: (request, call) => api.searchImageSets(request, call),
  });
  using signal = deadline(1_000);
  const request = { datastoreId, criteria: {}, maxResults: 50 };
  const options = { maxAgeMs: 1_000, keepAs: { search: '', request }, signal };
  await Promise.all(Array.from({ length: 40 }, () => pages.fetch(request, options)));
  expect(server.requests).toHaveLength(1);
});

test('every try is counted by operation and outcome', async () => {
  const counted: string[] = [];
  const metrics = {
    countUpstreamCall: (operation: string, outcome: string) => counted.push(`${operation} ${outcome}`),
    observePacingWait: () => undefined,
    setBreakerState: () => undefined,
  };
  const { api } = await upstreamThat({ metrics }, down, works);
  await search(api);
  expect(counted).toEqual(['SearchImageSets UPSTREAM_UNAVAILABLE', 'SearchImageSets ok']);
});

test('a call that the breaker refuses when its turn comes is not counted as a try', async () => {
  const counted: string[] = [];
  const metrics = {
    countUpstreamCall: (_operation: string, outcome: string) => counted.push(outcome),
    observePacingWait: () => undefined,
    setBreakerState: () => undefined,
  };
  const { api, server } = await upstreamThat({ metrics, maximumInFlight: 1 }, down);
  await codesOf(Array.from({ length: 40 }, () => search(api)));
  expect(counted).toHaveLength(server.requests.length);
});
