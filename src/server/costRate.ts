import { hash } from 'node:crypto';

import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';

import type { Principal } from '../auth/principal.ts';
import type { Charge, CostRate } from '../graphql/limits/costRate.ts';
import type { Log } from '../log/log.ts';

const windowSeconds = 60;
const keyPrefix = 'healthimaging-graphql:cost';

/** Longest that a request waits for Redis, and that an attempt to connect takes, in milliseconds. */
const redisTimeouts = { commandTimeout: 100, connectTimeout: 1_000 };
const longestReconnectPauseMs = 2_000;

export interface CostRateOptions {
  readonly perMinute: number;
  /** Of the Redis that replicas share; holds a password, so that it is in no log. */
  readonly redisUrl: string | undefined;
  readonly log: Log;
}

export interface ClosableCostRate extends CostRate {
  close(): void;
}

/**
 * Keeps what principals spend, in windows of a minute that begin with the first charge: in memory, or in the Redis that
 * replicas share. While Redis does not answer, each replica counts by itself.
 */
export async function createCostRate({
  perMinute,
  redisUrl,
  log,
}: CostRateOptions): Promise<ClosableCostRate> {
  const window = { points: perMinute, duration: windowSeconds, keyPrefix };
  const memory = new RateLimiterMemory(window);
  const redis = redisUrl === undefined ? undefined : await connect(redisUrl, log);
  const limiter =
    redis === undefined
      ? memory
      : new RateLimiterRedis({
          ...window,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
        });
  return {
    perMinute,
    charge: (principal, cost) => charge(limiter, keyOf(principal), cost),
    close() {
      redis?.removeAllListeners('close');
      redis?.disconnect();
    },
  };
}

/** Redis holds no identity: the key is a hash. */
function keyOf({ tenant, id }: Principal): string {
  return hash('sha256', JSON.stringify([tenant, id]), 'base64url');
}

async function charge(limiter: RateLimiterAbstract, key: string, cost: number): Promise<Charge> {
  const [accepted, { remainingPoints, msBeforeNext }] = await consume(limiter, key, cost);
  const end = performance.now() + msBeforeNext;
  const giveBack = async (unused: number): Promise<number> => {
    // Behind its window a charge is gone, and what is given back would be more than the rate of the next one.
    if (performance.now() >= end) return remainingPoints;
    return (await limiter.reward(key, unused)).remainingPoints;
  };
  // The limiter counts also what it refuses: a large operation must not cost the small ones that would still fit.
  const available = accepted ? remainingPoints : await giveBack(cost);
  return { accepted, available, resetMs: msBeforeNext, giveBack };
}

async function consume(
  limiter: RateLimiterAbstract,
  key: string,
  cost: number,
): Promise<[accepted: boolean, state: RateLimiterRes]> {
  try {
    return [true, await limiter.consume(key, cost)];
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return [false, refusal];
    throw refusal;
  }
}

/** Loaded only where it is used. Does not wait for the connection: without it the memory answers. */
async function connect(url: string, log: Log) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    ...redisTimeouts,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, longestReconnectPauseMs),
  });
  let isDown = false;
  redis.on('ready', () => {
    if (isDown) log.info('Redis answers again: replicas share what principals spend');
    isDown = false;
  });
  // Once an outage, and without the error: its message may name the address.
  const down = () => {
    if (!isDown) log.warn('Redis does not answer: each replica counts what principals spend by itself');
    isDown = true;
  };
  redis.on('error', down);
  redis.on('close', down);
  return redis;
}
