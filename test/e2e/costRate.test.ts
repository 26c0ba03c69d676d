import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';

import { createCostRate } from '../../src/server/costRate.ts';
import { anonymousPrincipal } from '../../src/auth/principal.ts';
import { captureLog } from '../support/capturedLog.ts';
import { startRedis, type RedisServer } from '../support/process/redisServer.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});

const principal = { ...anonymousPrincipal([]), id: 'https://issuer.example someone', tenant: 'hospital' };

async function ready(
  charge: () => Promise<{ readonly available: number }>,
  available: number,
): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await charge()).available === available) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Expected Redis to be in use.');
}

test('two replicas share one budget in Redis, count by themselves while it is down, and share again after', async () => {
  const { log, text } = captureLog();
  const options = { perMinute: 100, redisUrl: redis.url, log };
  const [left, right] = [await createCostRate(options), await createCostRate(options)];
  const probe = new Redis(redis.url);
  try {
    const warmUp = { ...principal, id: 'warm-up' };
    const nothing = async () => {
      const charge = await left.charge(warmUp, 10);
      return { available: (await right.charge(warmUp, 10)).available - charge.available };
    };
    await ready(nothing, -10);

    expect(await left.charge(principal, 60)).toMatchObject({ accepted: true, available: 40 });
    expect(await right.charge(principal, 60)).toMatchObject({ accepted: false, available: 40 });
    const charge = await right.charge(principal, 30);
    expect(charge).toMatchObject({ accepted: true, available: 10 });
    expect(await charge.giveBack(20)).toBe(30);

    // No identity is in Redis.
    const keys = await probe.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((key) => /^healthimaging-graphql:cost:[\w-]{43}$/.test(key))).toBe(true);

    await redis.stop();
    const start = performance.now();
    const alone = [await left.charge(principal, 60), await right.charge(principal, 60)];
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(alone).toMatchObject([
      { accepted: true, available: 40 },
      { accepted: true, available: 40 },
    ]);
    expect(await left.charge(principal, 60)).toMatchObject({ accepted: false, available: 40 });

    await redis.start();
    await ready(nothing, -10);
    expect(text()).toContain('Redis does not answer');
    expect(text()).not.toContain(redis.url.slice('redis://'.length));
  } finally {
    probe.disconnect();
    left.close();
    right.close();
  }
});
