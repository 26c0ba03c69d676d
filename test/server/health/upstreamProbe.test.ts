import { expect, test } from '@jest/globals';

import { GatewayError, type ErrorCode } from '../../../src/errors.ts';
import { createUpstreamProbe } from '../../../src/server/health/upstreamProbe.ts';

const options = { maxAgeMs: 5_000, timeoutMs: 3_000, now: () => 0 };
const rejecting = (error: Error) => createUpstreamProbe({ ...options, read: () => Promise.reject(error) });

test.each<[ErrorCode, boolean]>([
  ['UPSTREAM_THROTTLED', true],
  ['UPSTREAM_ACCESS_DENIED', true],
  ['NOT_FOUND', true],
  ['UPSTREAM_UNAVAILABLE', false],
  ['UPSTREAM_TIMEOUT', false],
  ['UPSTREAM_AUTH_FAILED', false],
])('%s: reachable is %s', async (code, reachable) => {
  expect(await rejecting(new GatewayError(code))()).toBe(reachable);
});

test('a fault of the gateway is thrown, not reported as an unreachable upstream', async () => {
  const fault = new TypeError('of the gateway');
  await expect(rejecting(fault)()).rejects.toBe(fault);
});

test('calls once for each maximum age, however often it is asked', async () => {
  let now = 0;
  let calls = 0;
  const read = () => Promise.resolve((calls += 1));
  const probe = createUpstreamProbe({ ...options, read, now: () => now });
  for (now of [0, 0, 4_999, 5_000]) expect(await probe()).toBe(true);
  expect(calls).toBe(2);
});
