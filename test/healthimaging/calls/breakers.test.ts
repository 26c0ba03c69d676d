import { afterEach, describe, expect, jest, test } from '@jest/globals';

import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { exception, json, type Fault } from '../../support/upstream/faultServer.ts';
import {
  deadline,
  failureOf,
  search,
  startUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../support/gateway/withUpstream.ts';
import { wirePage } from '../../support/upstream/wireSummaries.ts';

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

describe('while every call fails', () => {
  test('in one data store or operation, the breakers of the others stay closed', async () => {
    const states = new Map<string, string>();
    const metrics = {
      countUpstreamCall: () => undefined,
      observePacingWait: () => undefined,
      setBreakerState: (place: { datastoreId: string; operations: string }, state: string) =>
        states.set(`${place.datastoreId.slice(0, 1)} ${place.operations}`, state),
    };
    const datastoreIds = [datastoreId, 'e'.repeat(32)];
    const { api, server } = await upstreamThat({ metrics, datastoreIds, maximumAttempts: 1 }, works);
    server.script((socket, request) =>
      (request.path.includes(datastoreId) && request.path.endsWith('/searchImageSets') ? down : works)(
        socket,
        request,
      ),
    );
    for (let call = 0; call < 6; call += 1) await failureOf(search(api));
    expect((await failureOf(search(api))).retryAfterMs).toBeDefined();
    using signal = deadline(4_000);
    const other = { datastoreId: 'e'.repeat(32), criteria: {}, maxResults: 50 };
    expect((await api.searchImageSets(other, { signal })).rows).toHaveLength(1);
    expect(Object.fromEntries(states)).toEqual({
      'd search': 'open',
      'd image_sets': 'closed',
      'd metadata': 'closed',
      'd datastores': 'closed',
      'e search': 'closed',
      'e image_sets': 'closed',
      'e metadata': 'closed',
      'e datastores': 'closed',
    });
  });

  test('a clock that jumps changes nothing', async () => {
    const { api, server } = await upstreamThat({ halfOpenAfterMs: 60_000, maximumAttempts: 1 }, down);
    while ((await failureOf(search(api))).retryAfterMs === undefined);
    const calls = server.requests.length;
    const wallClock = jest.spyOn(Date, 'now');
    for (const jump of [3_600_000, -3_600_000]) {
      wallClock.mockImplementation(() => performance.timeOrigin + performance.now() + jump);
      const { retryAfterMs = 0 } = await failureOf(search(api));
      expect([retryAfterMs > 50_000, retryAfterMs <= 60_000]).toEqual([true, true]);
    }
    wallClock.mockRestore();
    expect(server.requests).toHaveLength(calls);
  });
});
