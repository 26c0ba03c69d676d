import { expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { createCircles } from '../../../src/healthimaging/pages/tokenLoops.ts';

test('pages from before a circle was found are not used again, for that search alone', async () => {
  let now = 5_000;
  const circles = createCircles(() => now);
  const circle = new GatewayError('UPSTREAM_PROTOCOL_ERROR', { retryable: false });
  await expect(circles.watch('one', () => Promise.reject(circle))).rejects.toBe(circle);
  now = 5_250;
  expect([circles.maxAgeMs('one', 60_000), circles.maxAgeMs('two', 60_000)]).toEqual([250, 60_000]);
  now = 90_000;
  expect(circles.maxAgeMs('one', 60_000)).toBe(60_000);
});

test('other failures leave kept pages in use', async () => {
  const circles = createCircles();
  for (const code of ['UPSTREAM_PROTOCOL_ERROR', 'CURSOR_EXPIRED'] as const) {
    await expect(circles.watch('one', () => Promise.reject(new GatewayError(code)))).rejects.toThrow();
  }
  expect(circles.maxAgeMs('one', 60_000)).toBe(60_000);
});
