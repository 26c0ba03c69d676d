import { afterEach, describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { createPageCache } from '../../../src/healthimaging/pages/pageCache.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { after, json } from '../../support/upstream/faultServer.ts';
import {
  deadline,
  startUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../support/gateway/withUpstream.ts';
import { wirePage } from '../../support/upstream/wireSummaries.ts';

const started: Upstream[] = [];

afterEach(async () => {
  for (const upstream of started.splice(0)) await upstream.close();
});

async function upstreamOf(options: UpstreamOptions) {
  const upstream = await startUpstream(options, after(5, json(wirePage(1))));
  started.push(upstream);
  return upstream;
}

interface Search {
  readonly caller: string;
  readonly number: number;
  readonly signal: AbortSignal;
}

const request = (number: number) => ({
  datastoreId,
  criteria: {},
  maxResults: 50,
  nextToken: `token-${number}`,
});

describe('the account’s calls', () => {
  const rates = { SearchImageSets: { perSecond: 50, burst: 10 } };

  test('go by turns: one search waits for one of a flood, not for all of it', async () => {
    const { api } = await upstreamOf({ rates });
    using signal = deadline(10_000);
    const ended: string[] = [];
    const search = async ({ caller, number }: Omit<Search, 'signal'>) => {
      await api.searchImageSets(request(number), { signal, caller });
      ended.push(caller);
    };
    const flood = Array.from({ length: 100 }, (_, number) => search({ caller: 'flood', number }));
    await search({ caller: 'victim', number: 1_000 });
    // The burst was the flood's, and so may be the next call, and what is in flight meanwhile.
    expect(ended.length).toBeLessThanOrEqual(10 + 4);
    await Promise.all(flood);
    expect(ended).toHaveLength(101);
  });

  test('are all one caller’s while nobody else waits: none of a router’s is refused', async () => {
    const { api, server } = await upstreamOf({ rates, maximumInFlight: 50 });
    using signal = deadline(10_000);
    await Promise.all(
      Array.from({ length: 60 }, (_, number) =>
        api.searchImageSets(request(number), { signal, caller: 'router' }),
      ),
    );
    expect(server.requests).toHaveLength(60);
  });

  test('that may not wait any more are those of who has most of them waiting', async () => {
    const { api } = await upstreamOf({ maximumInFlight: 1, maximumQueued: 5 });
    using signal = deadline(10_000);
    const outcomes: string[] = [];
    const search = ({ caller, number }: Omit<Search, 'signal'>) =>
      api.searchImageSets(request(number), { signal, caller }).then(
        () => outcomes.push(`${caller} ok`),
        (error: unknown) => outcomes.push(`${caller} ${error instanceof GatewayError ? error.code : ''}`),
      );
    const calls = Array.from({ length: 6 }, (_, number) => search({ caller: 'flood', number }));
    calls.push(search({ caller: 'victim', number: 100 }), search({ caller: 'flood', number: 101 }));
    await Promise.all(calls);
    expect(outcomes.toSorted()).toEqual([
      ...Array<string>(2).fill('flood OVERLOADED'),
      ...Array<string>(5).fill('flood ok'),
      'victim ok',
    ]);
  });
});

test('a shared call is the next one’s when who began it leaves, and keeps its place', async () => {
  const { api, server } = await upstreamOf({ rates: { SearchImageSets: { perSecond: 20, burst: 1 } } });
  const pages = createPageCache({
    maximumBytes: 0,
    maximumAgeMs: 0,
    fetch: (asked, call) => api.searchImageSets(asked, call),
  });
  using signal = deadline(10_000);
  const leaving = new AbortController();
  const get = (caller: string, number: number, own: AbortSignal = signal) =>
    pages.fetch(request(number), {
      maxAgeMs: 1_000,
      keepAs: { search: '', request: { maxResults: 50 } },
      signal: own,
      caller,
    });
  const first = get('flood', 0);
  const flood = Array.from({ length: 10 }, (_, number) => get('flood', number + 1));
  const begun = get('flood', 100, leaving.signal).catch(() => undefined);
  const joined = get('victim', 100);
  leaving.abort(new GatewayError('REQUEST_CANCELLED'));
  await Promise.all([begun, joined, first]);
  // As the flood's last call it would have come after the ten others.
  expect(server.requests.length).toBeLessThanOrEqual(4);
  await Promise.all(flood);
  expect(server.requests).toHaveLength(12);
});
