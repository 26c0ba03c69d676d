import { LRUCache } from 'lru-cache';

import { TokenLoopError } from '../../search/paging/tokenLoop.ts';

/** Searches remembered. One that is dropped may be answered from its kept pages for as long as those are kept. */
const rememberedSearches = 1_000;

/**
 * Searches whose next tokens formed a loop. The pages of that loop are kept, and windows that start from a cursor would
 * read them for a minute after HealthImaging has recovered: so no page from before the loop was found is used again.
 */
export interface TokenLoops {
  /** How old a page of the search may be, in milliseconds, given how old it might be otherwise. */
  maxAgeMs(search: string, otherwise: number): number;
  /** Does the work, and remembers the search when it fails for a token loop. */
  watch<Result>(search: string, work: () => Promise<Result>): Promise<Result>;
}

/** @param now milliseconds of a clock that never goes back, the page cache's own */
export function createTokenLoops(now: () => number = () => performance.now()): TokenLoops {
  const foundAt = new LRUCache<string, number>({ max: rememberedSearches });
  return {
    maxAgeMs: (search, otherwise) =>
      Math.min(otherwise, now() - (foundAt.get(search) ?? Number.NEGATIVE_INFINITY)),
    async watch(search, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof TokenLoopError) foundAt.set(search, now());
        throw error;
      }
    },
  };
}
