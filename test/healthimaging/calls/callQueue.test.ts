import { getEventListeners } from 'node:events';

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { CallOptions, CallProgress, Operation } from '../../../src/healthimaging/api.ts';
import { CallQueue, type CallQueueOptions, type Leave } from '../../../src/healthimaging/calls/callQueue.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A queue, and what became of each call, in the order that it came about. */
function harness(options: Partial<CallQueueOptions> = {}) {
  const events: string[] = [];
  const leaves = new Map<string, Leave>();
  const queue = new CallQueue({ rates: {}, maximumInFlight: 10, maximumQueued: 10, ...options });
  const enter = (name: string, operation: Operation, call: Partial<CallOptions> = {}) => {
    queue.enter(operation, { signal: new AbortController().signal, ...call }).then(
      (leave) => {
        leaves.set(name, leave);
        events.push(`${name} started`);
      },
      (error: unknown) => events.push(`${name} ${(error as GatewayError).code}`),
    );
  };
  const leave = (name: string) => leaves.get(name)?.();
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);
  return { queue, events, enter, leave, pass };
}

const oneASecond = { perSecond: 1, burst: 1 };

describe('a call ahead of need', () => {
  const rates = { SearchImageSets: { perSecond: 1, burst: 4 } };
  const ahead = { ahead: true };

  test('leaves half of the burst, and half of the places, for whoever comes', async () => {
    const { events, enter, pass } = harness({ rates, maximumInFlight: 3 });
    enter('first', 'SearchImageSets', ahead);
    enter('second', 'SearchImageSets', ahead);
    enter('third', 'SearchImageSets', ahead);
    await pass(0);
    expect(events).toEqual(['first started', 'second started', 'third OVERLOADED']);
    const { events: others, enter: ask, leave, pass: wait } = harness({ rates });
    for (const name of ['a', 'b', 'c']) ask(name, 'SearchImageSets', ahead);
    ask('d', 'SearchImageSets');
    await wait(0);
    expect(others).toEqual(['a started', 'b started', 'c OVERLOADED', 'd started']);
    for (const name of ['a', 'b', 'd']) leave(name);
    await wait(2_000);
    ask('e', 'SearchImageSets', ahead);
    await wait(0);
    expect(others.at(-1)).toBe('e started');
  });

  test('is refused while any call waits', async () => {
    const slow = { SearchImageSets: oneASecond };
    const { events, enter, pass } = harness({ rates: slow });
    enter('a', 'SearchImageSets');
    enter('b', 'SearchImageSets');
    enter('c', 'GetDatastore', ahead);
    await pass(0);
    expect(events).toEqual(['a started', 'c OVERLOADED']);
  });

  test('goes where there is no rate to keep', async () => {
    const { events, enter, pass } = harness();
    enter('a', 'SearchImageSets', ahead);
    await pass(0);
    expect(events).toEqual(['a started']);
  });
});

describe('lanes', () => {
  test('are first come, first served', async () => {
    const { events, enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
    for (const name of ['a', 'b', 'c']) enter(name, 'SearchImageSets');
    await pass(0);
    expect(events).toEqual(['a started']);
    await pass(1_000);
    expect(events).toEqual(['a started', 'b started']);
    await pass(1_000);
    expect(events).toEqual(['a started', 'b started', 'c started']);
  });

  test('do not wait for the rate of another lane, and the one that has waited longest gets the place', async () => {
    const rates = { SearchImageSets: oneASecond };
    const { events, enter, leave, pass } = harness({ rates, maximumInFlight: 1 });
    enter('search', 'SearchImageSets');
    await pass(0);
    enter('paced search', 'SearchImageSets');
    await pass(1);
    enter('metadata', 'GetImageSetMetadata');
    await pass(1);
    enter('datastore', 'GetDatastore');
    // The search's lane has no token yet: the next place is not kept for it.
    leave('search');
    await pass(0);
    expect(events).toEqual(['search started', 'metadata started']);
    await pass(1_000);
    // Now it has one, and has waited longer than the data store.
    leave('metadata');
    await pass(0);
    leave('paced search');
    await pass(0);
    expect(events.slice(2)).toEqual(['paced search started', 'datastore started']);
  });

  test('move up when a call gives up, whose listener goes with it', async () => {
    const { events, enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
    const controller = new AbortController();
    enter('a', 'SearchImageSets');
    enter('b', 'SearchImageSets', { signal: controller.signal });
    enter('c', 'SearchImageSets');
    await pass(10);
    controller.abort(new GatewayError('REQUEST_CANCELLED'));
    await pass(990);
    expect(events).toEqual(['a started', 'b REQUEST_CANCELLED', 'c started']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('are held back when HealthImaging throttles', async () => {
    const { queue, events, enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
    enter('a', 'SearchImageSets');
    enter('b', 'SearchImageSets');
    await pass(500);
    queue.slowDown('SearchImageSets', 2_000);
    await pass(2_000);
    expect(events).toEqual(['a started']);
    await pass(2_000);
    expect(events).toEqual(['a started', 'b started']);
  });
});

describe('refusals', () => {
  test('come at once where the wait would leave no time for a response', async () => {
    const { events, enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
    enter('a', 'SearchImageSets');
    enter('b', 'SearchImageSets', { deadline: 1_249 });
    enter('c', 'SearchImageSets', { deadline: 1_250 });
    await pass(0);
    expect(events).toEqual(['a started', 'b UPSTREAM_THROTTLED']);
    await pass(1_000);
    expect(events.slice(2)).toEqual(['c started']);
  });

  test('come later where the lane was held back in the meantime; the token goes to the next call', async () => {
    const { queue, events, enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
    enter('a', 'SearchImageSets');
    enter('late', 'SearchImageSets', { deadline: 1_500 });
    enter('b', 'SearchImageSets');
    queue.slowDown('SearchImageSets', 1_000);
    await pass(4_000);
    expect(events).toEqual(['a started', 'late UPSTREAM_THROTTLED', 'b started']);
  });

  test('are OVERLOADED where too many calls wait, over all lanes', async () => {
    const { events, enter, leave, pass } = harness({ maximumInFlight: 1, maximumQueued: 1 });
    enter('a', 'SearchImageSets');
    enter('b', 'SearchImageSets');
    enter('c', 'GetDatastore');
    await pass(0);
    expect(events).toEqual(['a started', 'c OVERLOADED']);
    leave('a');
    await pass(0);
    enter('d', 'GetDatastore');
    leave('b');
    await pass(0);
    expect(events.slice(2)).toEqual(['b started', 'd started']);
  });
});

test('the progress of a call says when its turn comes, as long as it waits for a token', async () => {
  const { enter, pass } = harness({ rates: { SearchImageSets: oneASecond } });
  const progress: CallProgress = {};
  enter('a', 'SearchImageSets');
  enter('b', 'SearchImageSets', { progress });
  await pass(0);
  expect(progress.turnAt).toBe(1_000);
  await pass(1_000);
  expect(progress.turnAt).toBeUndefined();
});

test('waits are observed by operation, those of calls that were refused among them', async () => {
  const waits: [Operation, number][] = [];
  const { enter, leave, pass } = harness({
    maximumInFlight: 1,
    observeWait: (operation, seconds) => waits.push([operation, seconds]),
  });
  const controller = new AbortController();
  enter('a', 'SearchImageSets');
  enter('b', 'GetImageSet', { signal: controller.signal });
  enter('c', 'GetDatastore');
  await pass(500);
  controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
  await pass(500);
  leave('a');
  await pass(0);
  expect(waits).toEqual([
    ['SearchImageSets', 0],
    ['GetImageSet', 0.5],
    ['GetDatastore', 1],
  ]);
});

test('no timer is set while nothing waits, or while all places are taken', async () => {
  const { enter, leave, pass } = harness({ rates: { SearchImageSets: oneASecond }, maximumInFlight: 1 });
  enter('a', 'SearchImageSets');
  enter('b', 'SearchImageSets');
  await pass(0);
  expect(jest.getTimerCount()).toBe(0);
  leave('a');
  expect(jest.getTimerCount()).toBe(1);
  await pass(1_000);
  expect(jest.getTimerCount()).toBe(0);
});
