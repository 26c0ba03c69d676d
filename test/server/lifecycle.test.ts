import { expect, test } from '@jest/globals';

import { createLifecycle } from '../../src/server/lifecycle.ts';

test('takes work until it drains, and is drained when the last request has left', async () => {
  const lifecycle = createLifecycle();
  expect(lifecycle.phase()).toBe('starting');
  lifecycle.ready();
  expect(lifecycle.phase()).toBe('ready');
  const leaveFirst = lifecycle.enter();
  const leaveSecond = lifecycle.enter();
  expect(lifecycle.inFlight()).toBe(2);

  const drained = lifecycle.drain(60_000);
  expect(lifecycle.phase()).toBe('draining');
  expect(lifecycle.enter()).toBeUndefined();
  leaveFirst?.();
  leaveFirst?.();
  expect(lifecycle.inFlight()).toBe(1);
  expect(lifecycle.phase()).toBe('draining');
  leaveSecond?.();
  await drained;
  expect(lifecycle.phase()).toBe('stopped');
  lifecycle.ready();
  expect(lifecycle.phase()).toBe('stopped');
});

test('gives up waiting when the grace is over', async () => {
  const lifecycle = createLifecycle();
  lifecycle.enter();
  await lifecycle.drain(5);
  expect([lifecycle.phase(), lifecycle.inFlight()]).toEqual(['stopped', 1]);
});
