import { hash } from 'node:crypto';

import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';

import type { Principal } from '../auth/principal.ts';
import type { Charge, CostRate } from '../graphql/limits/cost/costRate.ts';
import type { Log } from '../log/log.ts';

const windowSeconds = 60;
const keyPrefix = 'healthimaging-graphql:cost';

/** In milliseconds: the longest that a request waits for Redis, and that connecting may take. */
const redisTimeouts = { commandTimeout: 100, connectTimeout: 1_000 };
const longestReconnectPauseMs = 2_000;

export interface CostRateOptions {
  readonly perMinute: number;
  /** Of the Redis that replicas share. It may hold a password: never log it. */
  readonly redisUrl: string | undefined;
  readonly log: Log;
}

export interface ClosableCostRate extends CostRate {
  close(): void;
}

/**
 * Counts what principals spend, in windows of a minute that begin with a first charge: in memory, or in the Redis that replicas
 * share. While Redis is away, each replica counts for itself.
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

/** Hashed, so that Redis holds no identity. */
function keyOf({ tenant, id }: Principal): string {
  return hash('sha256', JSON.stringify([tenant, id]), 'base64url');
}

async function charge(limiter: RateLimiterAbstract, key: string, cost: number): Promise<Charge> {
  const [accepted, { remainingPoints, msBeforeNext }] = await consume(limiter, key, cost);
  const end = performance.now() + msBeforeNext;
  const giveBack = async (unused: number): Promise<number> => {
    // After its window the charge is forgotten; giving back then would raise the next window above the rate.
    if (performance.now() >= end) return remainingPoints;
    return (await limiter.reward(key, unused)).remainingPoints;
  };
  // The limiter counts what it refuses as well: without this, one large operation would use up the rate of small ones.
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

/** ioredis is loaded only where it is used. Does not wait for the connection: until then memory counts. */
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
  // Once for each outage, and without the error, whose message may hold the address.
  const down = () => {
    if (!isDown) log.warn('Redis does not answer: each replica counts what principals spend by itself');
    isDown = true;
  };
  redis.on('error', down);
  redis.on('close', down);
  return redis;
}
