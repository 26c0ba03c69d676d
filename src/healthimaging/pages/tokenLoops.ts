import { LRUCache } from 'lru-cache';

import { GatewayError } from '../../errors.ts';

/** Searches remembered; one that is forgotten may see its pages for as long as they are kept. */
const rememberedSearches = 1_000;

/**
 * Searches whose tokens came back in a circle. The pages that showed it are kept, and windows that go on from a cursor
 * would read them for a minute after HealthImaging is well: none from before the finding is used again.
 */
export interface Circles {
  /** How old a page of the search may be, in milliseconds, given how old it might be otherwise. */
  maxAgeMs(search: string, otherwise: number): number;
  /** Does the work; notes the search when it fails for a circle. */
  watch<Result>(search: string, work: () => Promise<Result>): Promise<Result>;
}

/** @param now milliseconds of a clock that never goes back, the page cache's own */
export function createCircles(now: () => number = () => performance.now()): Circles {
  const foundAt = new LRUCache<string, number>({ max: rememberedSearches });
  return {
    maxAgeMs: (search, otherwise) =>
      Math.min(otherwise, now() - (foundAt.get(search) ?? Number.NEGATIVE_INFINITY)),
    async watch(search, work) {
      try {
        return await work();
      } catch (error) {
        if (isCircle(error)) foundAt.set(search, now());
        throw error;
      }
    },
  };
}

function isCircle(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'UPSTREAM_PROTOCOL_ERROR' && !error.retryable;
}
