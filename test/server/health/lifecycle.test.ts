import { expect, test } from '@jest/globals';

import { createLifecycle, type Lifecycle } from '../../../src/server/health/lifecycle.ts';

function enter(lifecycle: Lifecycle): () => void {
  const leave = lifecycle.enter();
  if (typeof leave === 'string') throw new Error(`refused: ${leave}`);
  return leave;
}

test('admits requests until it drains, and is drained when the last one has ended', async () => {
  const lifecycle = createLifecycle();
  expect(lifecycle.phase()).toBe('starting');
  lifecycle.ready();
  expect(lifecycle.phase()).toBe('ready');
  const leaveFirst = enter(lifecycle);
  const leaveSecond = enter(lifecycle);
  expect(lifecycle.inFlight()).toBe(2);

  const drained = lifecycle.drain(60_000);
  expect(lifecycle.phase()).toBe('draining');
  expect(lifecycle.enter()).toBe('SHUTTING_DOWN');
  leaveFirst();
  leaveFirst();
  expect(lifecycle.inFlight()).toBe(1);
  expect(lifecycle.phase()).toBe('draining');
  leaveSecond();
  await drained;
  expect(lifecycle.phase()).toBe('stopped');
  lifecycle.ready();
  expect(lifecycle.phase()).toBe('stopped');
});

test('stops waiting when the grace period is over', async () => {
  const lifecycle = createLifecycle();
  lifecycle.enter();
  await lifecycle.drain(5);
  expect([lifecycle.phase(), lifecycle.inFlight()]).toEqual(['stopped', 1]);
});
