import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { CallOptions, SearchPage, SearchPageRequest } from '../../../src/healthimaging/api.ts';
import type { KeptPage } from '../../../src/healthimaging/pages/keptPages.ts';
import { createPageCache, type PageOutcome } from '../../../src/healthimaging/pages/pageCache.ts';
import { datastoreId, fakeRow } from '../../support/upstream/fakeHealthImaging.ts';
import { failureOf } from '../../support/gateway/withUpstream.ts';

const request: SearchPageRequest = { datastoreId, criteria: {}, maxResults: 50 };

interface Fetched {
  readonly request: SearchPageRequest;
  readonly options: CallOptions;
  /** Its turn comes: HealthImaging is asked. */
  ask(): void;
  land(page: SearchPage | GatewayError): Promise<void>;
}

function pageOf(number: number, rows = 1): SearchPage {
  return { rows: Array.from({ length: rows }, () => fakeRow(number)), sort: null, nextToken: null };
}

/** A cache over an upstream whose calls land when told to, on a clock of its own. */
function harness({ maximumBytes = 1_000_000, paced = false, maximumAgeMs = 60_000 } = {}) {
  const fetched: Fetched[] = [];
  const outcomes: PageOutcome[] = [];
  const clock = { now: 0 };
  const cache = createPageCache({
    maximumBytes,
    maximumAgeMs,
    now: () => clock.now,
    metrics: { countPage: (outcome) => outcomes.push(outcome) },
    fetch: (asked, options) =>
      new Promise((resolve, reject) => {
        options.signal.addEventListener('abort', () => {
          reject(options.signal.reason as GatewayError);
        });
        const ask = () => {
          if (options.progress !== undefined) options.progress.askedAt = clock.now;
        };
        if (!paced) ask();
        fetched.push({
          request: asked,
          options,
          ask,
          async land(page) {
            if (page instanceof GatewayError) reject(page);
            else resolve(page);
            await new Promise(setImmediate);
          },
        });
      }),
  });
  const placeOf = ({ criteria, nextToken, maxResults }: SearchPageRequest) => ({
    search: JSON.stringify(criteria),
    request: { maxResults, ...(nextToken !== undefined && { nextToken }) },
  });
  /** The page that is kept or, as a window does, one that is fetched. */
  const get = async (
    maxAgeMs = 1_000,
    signal = new AbortController().signal,
    asked: SearchPageRequest = request,
    deadline?: number,
  ): Promise<SearchPage> => {
    const keepAs = placeOf(asked);
    const isAsked = (page: KeptPage) =>
      page.request.nextToken === asked.nextToken && page.request.maxResults === asked.maxResults;
    const kept = cache.find(keepAs.search, maxAgeMs, isAsked);
    if (kept === undefined)
      return cache.fetch(asked, { maxAgeMs, keepAs, signal, ...(deadline !== undefined && { deadline }) });
    const { rows, sort, nextToken, maxResults } = kept;
    return { rows, sort, nextToken, ...(maxResults !== undefined && { maxResults }) };
  };
  return { cache, get, fetched, outcomes, clock };
}

describe('a call in flight', () => {
  test('is shared: 40 equal requests at once make one call', async () => {
    const { get, fetched, outcomes } = harness();
    const pages = Promise.all(Array.from({ length: 40 }, () => get()));
    await fetched[0]?.land(pageOf(1));
    expect(new Set(await pages)).toEqual(new Set([pageOf(1)]));
    expect(fetched).toHaveLength(1);
    expect(outcomes).toEqual(['miss', ...Array<PageOutcome>(39).fill('shared')]);
  });

  test('is shared even where the cache is turned off and keeps nothing', async () => {
    const { get, fetched } = harness({ maximumBytes: 0 });
    const pages = Promise.all([get(), get()]);
    await fetched[0]?.land(pageOf(1));
    await pages;
    void get();
    expect(fetched).toHaveLength(2);
  });

  test('ahead of need is joined once HealthImaging was asked, and is waited for then', async () => {
    const { cache, get, fetched, outcomes } = harness({ paced: true });
    const { signal } = new AbortController();
    const keepAs = { search: '{}', request: { maxResults: 50 } };
    const ahead = cache.fetch(request, { maxAgeMs: 1_000, keepAs, signal, ahead: true });
    const early = get();
    expect(fetched.map(({ options }) => options.ahead)).toEqual([true, false]);
    fetched[0]?.ask();
    await fetched[0]?.land(new GatewayError('OVERLOADED'));
    await expect(ahead).rejects.toThrow(GatewayError);
    await fetched[1]?.land(pageOf(1));
    expect(await early).toEqual(pageOf(1));

    const other = { ...request, nextToken: 'token' };
    const place = { search: '{}', request: { maxResults: 50, nextToken: 'token' } };
    const begun = cache.fetch(other, { maxAgeMs: 1_000, keepAs: place, signal, ahead: true });
    fetched[2]?.ask();
    const joined = get(1_000, undefined, other);
    expect(fetched[2]?.options.ahead).toBe(false);
    await fetched[2]?.land(pageOf(2));
    expect([await begun, await joined]).toEqual([pageOf(2), pageOf(2)]);
    expect([fetched.length, outcomes]).toEqual([3, ['miss', 'miss', 'miss', 'shared']]);
  });

  test('is enough for one that is ahead of need', async () => {
    const { cache, get, fetched, outcomes } = harness();
    const { signal } = new AbortController();
    const page = get();
    const keepAs = { search: '{}', request: { maxResults: 50 } };
    const ahead = cache.fetch(request, { maxAgeMs: 1_000, keepAs, signal, ahead: true });
    await fetched[0]?.land(pageOf(1));
    expect([await page, await ahead]).toEqual([pageOf(1), pageOf(1)]);
    expect([fetched.length, outcomes]).toEqual([1, ['miss']]);
  });

  test.each<[string, Partial<SearchPageRequest>]>([
    ['data store', { datastoreId: 'e'.repeat(32) }],
    ['criteria', { criteria: { filters: [{ operator: 'EQUAL', values: [{ isPrimary: true }] }] } }],
    [
      'time in the criteria',
      { criteria: { filters: [{ operator: 'EQUAL', values: [{ createdAt: new Date(5) }] }] } },
    ],
    ['sort', { criteria: { sort: { sortField: 'updatedAt', sortOrder: 'ASC' } } }],
    ['token', { nextToken: 'token' }],
    ['size', { maxResults: 49 }],
  ])('is not shared with a request of another %s', (_what, other) => {
    const { get, fetched } = harness();
    void get();
    void get(1_000, undefined, { ...request, ...other });
    expect(fetched).toHaveLength(2);
  });

  test('is shared whatever the order of two filters', () => {
    const one = { operator: 'EQUAL', values: [{ isPrimary: true }] } as const;
    const two = { operator: 'EQUAL', values: [{ DICOMPatientId: 'x' }] } as const;
    const { get, fetched } = harness();
    void get(1_000, undefined, { ...request, criteria: { filters: [one, two] } });
    void get(1_000, undefined, { ...request, criteria: { filters: [two, one] } });
    expect(fetched).toHaveLength(1);
  });

  test('lets each caller leave at once with its own reason, and is aborted with the last one', async () => {
    const { get, fetched } = harness();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = failureOf(get(1_000, one.signal));
    const second = failureOf(get(1_000, two.signal));
    one.abort(new GatewayError('REQUEST_CANCELLED'));
    expect((await first).code).toBe('REQUEST_CANCELLED');
    expect(fetched[0]?.options.signal.aborted).toBe(false);
    two.abort(new GatewayError('SHUTTING_DOWN'));
    expect((await second).code).toBe('SHUTTING_DOWN');
    expect(fetched[0]?.options.signal.aborted).toBe(true);
    expect([one, two].flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });

  test('is not joined once it is aborted', async () => {
    const { get, fetched } = harness();
    const leaving = new AbortController();
    const left = failureOf(get(1_000, leaving.signal));
    leaving.abort(new GatewayError('REQUEST_CANCELLED'));
    const page = get();
    await fetched[1]?.land(pageOf(2));
    expect(await page).toEqual(pageOf(2));
    expect((await left).code).toBe('REQUEST_CANCELLED');
  });

  test('that still waits for its turn at a deadline fails with UPSTREAM_THROTTLED, and says until when', async () => {
    const { get, fetched } = harness();
    const controller = new AbortController();
    const failure = failureOf(get(1_000, controller.signal));
    const progress = fetched[0]?.options.progress;
    if (progress !== undefined) progress.turnAt = performance.now() + 5_000;
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
    const { code, retryAfterMs = 0 } = await failure;
    expect([code, Math.round(retryAfterMs / 1_000)]).toEqual(['UPSTREAM_THROTTLED', 5]);
  });
});

describe('a call that waits for its turn', () => {
  test('is joined however long it has waited: its page will be as fresh as any other', async () => {
    const { get, fetched, clock } = harness({ paced: true });
    const early = get(1_000);
    clock.now = 5_000;
    const late = get(1_000);
    fetched[0]?.ask();
    await fetched[0]?.land(pageOf(1));
    expect([await early, await late, fetched.length]).toEqual([pageOf(1), pageOf(1), 1]);
    clock.now = 6_000;
    expect(await get(1_000)).toEqual(pageOf(1));
    clock.now = 6_001;
    void get(1_000);
    expect(fetched).toHaveLength(2);
  });

  test('may wait until the latest deadline of its callers', () => {
    const { get, fetched } = harness({ paced: true });
    const deadlines = [5_000, 9_000, 7_000].map((deadline) => {
      void get(1_000, undefined, request, deadline);
      return fetched[0]?.options.deadline;
    });
    expect(deadlines).toEqual([5_000, 9_000, 9_000]);
  });
});

describe('freshness', () => {
  test('is asked for at each look-up, and counts from when HealthImaging was asked', async () => {
    const { get, fetched, outcomes, clock } = harness();
    const page = get();
    clock.now = 900;
    await fetched[0]?.land(pageOf(1));
    await page;
    clock.now = 1_000;
    expect(await get(1_000)).toEqual(pageOf(1));
    clock.now = 1_001;
    void get(1_000);
    expect(fetched).toHaveLength(2);
    clock.now = 60_000;
    expect(await get(60_000)).toEqual(pageOf(1));
    expect(outcomes).toEqual(['miss', 'hit', 'miss', 'hit']);
  });

  test('a call that has been in flight for longer is not joined', async () => {
    const { get, fetched, clock } = harness();
    const slow = get(1_000);
    clock.now = 1_500;
    const fresh = get(1_000);
    expect(fetched).toHaveLength(2);
    await fetched[1]?.land(pageOf(2));
    await fetched[0]?.land(pageOf(1));
    expect([await slow, await fresh]).toEqual([pageOf(1), pageOf(2)]);
    // The older page came last, and does not replace the newer one.
    expect(await get(1_000)).toEqual(pageOf(2));
  });

  test('a page fetched at the size of its token is found by that size', async () => {
    const { get, fetched } = harness();
    const resized = { ...pageOf(1), maxResults: 11 };
    const asked = { ...request, nextToken: 'token', pageSizeOfToken: 11 };
    const page = get(1_000, undefined, asked);
    await fetched[0]?.land(resized);
    await page;
    expect(await get(1_000, undefined, { ...asked, maxResults: 11 })).toEqual(resized);
    expect(fetched).toHaveLength(1);
  });

  test('failures reach every caller and are never kept', async () => {
    const { get, fetched } = harness();
    const failures = [failureOf(get()), failureOf(get())];
    await fetched[0]?.land(new GatewayError('UPSTREAM_UNAVAILABLE'));
    expect((await Promise.all(failures)).map(({ code }) => code)).toEqual(
      Array(2).fill('UPSTREAM_UNAVAILABLE'),
    );
    void get();
    expect(fetched).toHaveLength(2);
  });
});

test('keeps the pages used last, within the bound in bytes', async () => {
  const { get, fetched, outcomes } = harness({ maximumBytes: 50_000 });
  for (let number = 0; number < 20; number += 1) {
    const page = get(1_000, undefined, { ...request, nextToken: `token-${number}` });
    await fetched[number]?.land(pageOf(number, 10));
    await page;
  }
  const evicted = outcomes.filter((outcome) => outcome === 'evicted').length;
  expect(evicted).toBeGreaterThan(10);
  expect(evicted).toBeLessThan(20);
  await get(1_000, undefined, { ...request, nextToken: 'token-19' });
  expect(fetched).toHaveLength(20);
});

test('drops pages that are too old for any caller, by a timer that does not keep the process alive', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const { get, fetched, clock, outcomes } = harness({ maximumAgeMs: 40 });
  const old = get();
  await fetched[0]?.land(pageOf(1));
  await old;
  // What this lists is what the event loop waits for.
  expect(timers()).toBe(before);
  clock.now = 30;
  const young = get(1_000, undefined, { ...request, nextToken: 'token' });
  await fetched[1]?.land(pageOf(2));
  await young;
  clock.now = 45;
  await delay(60);
  void get(1_000);
  expect(fetched).toHaveLength(3);
  expect(await get(1_000, undefined, { ...request, nextToken: 'token' })).toEqual(pageOf(2));
  clock.now = 200;
  await delay(80);
  void get(1_000, undefined, { ...request, nextToken: 'token' });
  expect(fetched).toHaveLength(4);
  expect(outcomes).not.toContain('evicted');
});

describe('the pages of a search', () => {
  test('are looked through from the newest on, those that are bounded among them, and no others', async () => {
    const { cache, fetched } = harness();
    const signal = new AbortController().signal;
    const fetchAs = async (search: string, bound: string) => {
      const criteria = { filters: [{ operator: 'EQUAL', values: [{ DICOMStudyId: bound }] }] } as const;
      const place = { bound, maxResults: 50 };
      const page = cache.fetch(
        { ...request, criteria },
        { maxAgeMs: 1_000, signal, keepAs: { search, request: place } },
      );
      await fetched.at(-1)?.land(pageOf(fetched.length));
      return page;
    };
    await fetchAs('one', 'a');
    await fetchAs('two', 'b');
    await fetchAs('one', 'c');
    await fetchAs('one', 'd');
    const seen: (string | undefined)[] = [];
    const found = cache.find('one', 60_000, (page) => {
      seen.push(page.request.bound);
      return page.request.bound === 'a';
    });
    expect([seen, found]).toEqual([
      ['d', 'c', 'a'],
      { ...pageOf(1), request: { bound: 'a', maxResults: 50 } },
    ]);
    expect(cache.find('three', 60_000, () => true)).toBeUndefined();
  });
});
