import { expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { createTokenLoops } from '../../../src/healthimaging/pages/tokenLoops.ts';
import { TokenLoopError } from '../../../src/search/paging/tokenLoop.ts';

test('pages from before a token loop was found are not used again, for that search alone', async () => {
  let now = 5_000;
  const tokenLoops = createTokenLoops(() => now);
  const loop = new TokenLoopError();
  await expect(tokenLoops.watch('one', () => Promise.reject(loop))).rejects.toBe(loop);
  now = 5_250;
  expect([tokenLoops.maxAgeMs('one', 60_000), tokenLoops.maxAgeMs('two', 60_000)]).toEqual([250, 60_000]);
  now = 90_000;
  expect(tokenLoops.maxAgeMs('one', 60_000)).toBe(60_000);
});

test('other failures leave kept pages in use', async () => {
  const tokenLoops = createTokenLoops();
  const failures = [
    new GatewayError('UPSTREAM_PROTOCOL_ERROR'),
    new GatewayError('UPSTREAM_PROTOCOL_ERROR', { retryable: false }),
    new GatewayError('CURSOR_EXPIRED'),
  ];
  for (const failure of failures) {
    await expect(tokenLoops.watch('one', () => Promise.reject(failure))).rejects.toBe(failure);
  }
  expect(tokenLoops.maxAgeMs('one', 60_000)).toBe(60_000);
});
