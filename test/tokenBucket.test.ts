import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createTokenBucket, unlimited } from '../src/tokenBucket.ts';

const rate = fc.record({
  perSecond: fc.integer({ min: 1, max: 100 }),
  burst: fc.integer({ min: 1, max: 100 }),
});

describe('a token bucket', () => {
  test('gives no more than burst and rate allow over any stretch of time', () => {
    fc.assert(
      fc.property(rate, fc.array(fc.nat(300), { maxLength: 200 }), (allowance, pauses) => {
        let now = 0;
        const bucket = createTokenBucket(allowance, () => now);
        const taken: number[] = [];
        for (const pause of pauses) {
          now += pause;
          while (bucket.take()) taken.push(now);
        }
        for (const [index, from] of taken.entries()) {
          const most = allowance.burst + ((taken.at(-1) ?? 0) - from) * (allowance.perSecond / 1000);
          expect(taken.length - index).toBeLessThanOrEqual(Math.floor(most + 1e-6));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives a token when it said it would, and not before', () => {
    fc.assert(
      fc.property(rate, fc.nat(20), (allowance, ahead) => {
        let now = 0;
        const bucket = createTokenBucket(allowance, () => now);
        while (bucket.take());
        now = bucket.waitMs(ahead) - 1.001;
        let taken = 0;
        while (bucket.take()) taken += 1;
        expect(taken).toBeLessThanOrEqual(ahead);
        now += 1.01;
        if (taken <= ahead) while (bucket.take()) taken += 1;
        expect(taken).toBeGreaterThanOrEqual(ahead + 1 > allowance.burst ? 1 : ahead + 1);
      }),
    );
  });

  test('slowed down, pauses as long as the service asks, then fills more slowly, and regains its pace', () => {
    let now = 0;
    const bucket = createTokenBucket({ perSecond: 10, burst: 20 }, () => now);
    bucket.slowDown(2_000);
    bucket.slowDown(2_000);
    expect([bucket.take(), bucket.waitMs(0)]).toEqual([false, 2_000 + 200]);
    now = 2_000;
    expect(bucket.take()).toBe(false);
    now = 8_000;
    while (bucket.take());
    expect(bucket.waitMs(0)).toBeLessThanOrEqual(100);
  });

  test('pauses for four seconds at the most, whatever the service asks', () => {
    const bucket = createTokenBucket(unlimited, () => 0);
    bucket.slowDown(3_600_000);
    expect(bucket.waitMs(0)).toBe(4_000);
  });

  test('always has a token where the rate is unlimited', () => {
    const bucket = createTokenBucket(unlimited, () => 0);
    expect([bucket.take(), bucket.waitMs(1_000)]).toEqual([true, 0]);
  });
});
