import { LRUCache } from 'lru-cache';

import { createTokenBucket, type TokenBucket } from '../tokenBucket.ts';

/** A client with an expired token, or without a scope, is recorded completely, a flood only in part. */
const quotaOfOne = { perSecond: 1, burst: 20 };
/** A flood may come from many. */
const quotaOfAll = { perSecond: 20, burst: 200 };
const remembered = 10_000;

/**
 * Whether one more refusal is to be recorded. Anybody can send what is refused, and each event is flushed to disk: without a
 * quota a flood would fill the disk, and nothing that must be recorded could be answered any more.
 * @param now milliseconds of a monotonic clock
 */
export function createRefusalQuota(now: () => number = () => performance.now()) {
  const all = createTokenBucket(quotaOfAll, now);
  const buckets = new LRUCache<string, TokenBucket>({ max: remembered });
  /** @param by who was refused: a principal or, where the token was refused, an address */
  return (by: string): boolean => {
    const bucket = buckets.get(by) ?? createTokenBucket(quotaOfOne, now);
    buckets.set(by, bucket);
    return bucket.take() && all.take();
  };
}
