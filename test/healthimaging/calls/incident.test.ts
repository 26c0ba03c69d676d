import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import type { Operation } from '../../../src/healthimaging/api.ts';
import { createIncident } from '../../../src/healthimaging/calls/incident.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

const now = () => performance.now();

/** An incident, and its beginnings and ends with their times. */
function harness(quietMs = 1_000) {
  const events: string[] = [];
  const incident = createIncident({ quietMs, now, onEnd: () => events.push(`ends at ${now()}`) });
  return {
    events,
    fail: (operation: Operation = 'SearchImageSets') => {
      if (incident.failed(operation)) events.push(`begins at ${now()}`);
    },
    pass: (operation: Operation = 'SearchImageSets', begunAt = now()) => incident.passed(operation, begunAt),
    wait: (milliseconds: number) => jest.advanceTimersByTime(milliseconds),
  };
}

test('many failures are one incident; it ends with a success and a quiet second after the last failure', () => {
  const { events, fail, pass, wait } = harness();
  for (let call = 0; call < 10; call += 1) fail();
  wait(400);
  fail();
  pass();
  wait(999);
  expect(events).toEqual(['begins at 0']);
  wait(1);
  expect(events).toEqual(['begins at 0', 'ends at 1400']);
});

test('a success long after the last failure ends it at once', () => {
  const { events, fail, pass, wait } = harness();
  fail();
  wait(5_000);
  pass();
  wait(0);
  expect(events).toEqual(['begins at 0', 'ends at 5000']);
});

test('a failure within the quiet second goes on with it', () => {
  const { events, fail, pass, wait } = harness();
  fail();
  pass();
  wait(500);
  fail();
  wait(5_000);
  expect(events).toEqual(['begins at 0']);
  pass();
  wait(0);
  expect(events).toEqual(['begins at 0', 'ends at 5500']);
});

test('neither time alone, nor another operation, nor a call begun before the last failure ends it', () => {
  const { events, fail, pass, wait } = harness();
  wait(100);
  fail();
  wait(60_000);
  pass('GetImageSet');
  pass('SearchImageSets', 99);
  wait(60_000);
  expect(events).toEqual(['begins at 100']);
});

test('any of the operations that failed in it ends it', () => {
  const { events, fail, pass, wait } = harness();
  fail('SearchImageSets');
  fail('GetImageSet');
  wait(1_000);
  pass('GetImageSet');
  wait(0);
  expect(events).toEqual(['begins at 0', 'ends at 1000']);
});

test('a success without an incident is none', () => {
  const { events, pass, wait } = harness();
  pass();
  wait(60_000);
  expect(events).toEqual([]);
});

test('a fault that comes and goes every two seconds makes few incidents, and a later one is told as the first was', () => {
  const { events, fail, pass, wait } = harness();
  for (let round = 0; round < 300; round += 1) {
    fail();
    wait(1_000);
    pass();
    wait(1_000);
  }
  // One a minute and less; not 300.
  expect(events.length).toBeLessThan(6);
  wait(120_000);
  pass();
  wait(0);
  events.length = 0;
  wait(60_000);
  fail();
  wait(1_000);
  pass();
  wait(0);
  expect(events).toHaveLength(2);
});

test('its timer keeps no process alive', () => {
  jest.useRealTimers();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const { fail, pass } = harness(10_000);
  fail();
  pass();
  expect(timers()).toBe(before);
});
