import { LRUCache } from 'lru-cache';

import { createTokenBucket, type TokenBucket } from '../../tokenBucket.ts';

/** Of one address: a client with an old token is recorded whole, a flood in part. */
const ofAddress = { perSecond: 1, burst: 20 };
/** Of all together: addresses can be many. */
const ofAll = { perSecond: 20, burst: 200 };
const rememberedAddresses = 10_000;

/**
 * Whether one more refused token is to be recorded. Anybody can send tokens, and each event is flushed to disk: without a
 * bound a flood would fill it, and a full disk ends all that must be recorded.
 * @param now milliseconds of a clock that never goes back
 */
export function createRefusalAudit(now: () => number = () => performance.now()) {
  const all = createTokenBucket(ofAll, now);
  const addresses = new LRUCache<string, TokenBucket>({ max: rememberedAddresses });
  return (address: string): boolean => {
    const bucket = addresses.get(address) ?? createTokenBucket(ofAddress, now);
    addresses.set(address, bucket);
    return bucket.take() && all.take();
  };
}
