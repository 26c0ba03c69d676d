import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

import type { Auditing } from '../../audit/auditing.ts';
import { GatewayError } from '../../errors.ts';
import { createTokenBucket, type TokenBucket } from '../../tokenBucket.ts';
import type { Metrics } from '../metrics.ts';

export interface RefusalAuditOptions {
  /** Undefined: no audit events are recorded. */
  readonly auditing: Auditing | undefined;
  readonly metrics: Pick<Metrics, 'countUnrecordedRefusal'>;
}

/**
 * Records that a request was refused for its access token, within the quota. The response waits until the event is written.
 * @throws {GatewayError} AUDIT_UNAVAILABLE when the event cannot be written and must be
 */
export function createRefusalAudit({ auditing, metrics }: RefusalAuditOptions) {
  const isWithinQuota = createRefusalQuota();
  return async ({ id: requestId, ip: address }: FastifyRequest, error: unknown): Promise<void> => {
    const isRefusal = error instanceof GatewayError && error.code === 'UNAUTHENTICATED';
    if (!isRefusal || auditing === undefined) return;
    if (!isWithinQuota(address)) {
      metrics.countUnrecordedRefusal();
      return;
    }
    const outcome = { kind: 'denied', code: error.code } as const;
    await auditing.write({ requestId, address, principal: undefined }, [{ kind: 'refusal', outcome }]);
  };
}

/** A client with an expired token is recorded completely, a flood only in part. */
const quotaOfAddress = { perSecond: 1, burst: 20 };
/** A flood may come from many addresses. */
const quotaOfAll = { perSecond: 20, burst: 200 };
const rememberedAddresses = 10_000;

/**
 * Whether one more refused token is to be recorded. Anybody can send tokens, and each event is flushed to disk: without a
 * quota a flood would fill the disk, and nothing that must be recorded could be answered any more.
 * @param now milliseconds of a monotonic clock
 */
export function createRefusalQuota(now: () => number = () => performance.now()) {
  const all = createTokenBucket(quotaOfAll, now);
  const addresses = new LRUCache<string, TokenBucket>({ max: rememberedAddresses });
  return (address: string): boolean => {
    const bucket = addresses.get(address) ?? createTokenBucket(quotaOfAddress, now);
    addresses.set(address, bucket);
    return bucket.take() && all.take();
  };
}
