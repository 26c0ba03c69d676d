import { LRUCache } from 'lru-cache';

import { abortError } from './abort.ts';
import { withdrawal } from './admission.ts';
import type { CallOptions, CallProgress, SearchPage, SearchPageRequest } from './api.ts';
import { pageBytes } from './pageBytes.ts';
import { pageKey } from './pageKey.ts';

export type PageOutcome = 'hit' | 'miss' | 'shared' | 'evicted';

export interface PageMetrics {
  countPage(outcome: PageOutcome): void;
}

export interface PageCacheOptions {
  readonly fetch: (request: SearchPageRequest, options: CallOptions) => Promise<SearchPage>;
  /** Bound of the pages kept, in bytes as estimated; 0: none are kept, calls in flight are still shared. */
  readonly maximumBytes: number;
  readonly metrics?: PageMetrics;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface PageOptions extends Omit<CallOptions, 'progress'> {
  /** How old a page may be, in milliseconds since its fetch began. */
  readonly maxAgeMs: number;
}

export interface PageCache {
  /**
   * The upstream page, out of the cache, of a call in flight, or fetched. Each caller leaves by its own signal, at once;
   * the call is aborted when its last caller has left. Who may see a page is decided before it is asked for here.
   */
  get(request: SearchPageRequest, options: PageOptions): Promise<SearchPage>;
}

interface KeptPage {
  readonly page: SearchPage;
  readonly begunAt: number;
}

interface Flight {
  readonly begunAt: number;
  readonly page: Promise<SearchPage>;
  readonly controller: AbortController;
  readonly progress: CallProgress;
  callers: number;
}

/**
 * A page shows the upstream as it was at some moment after its fetch began, so that is where its age counts from, for
 * kept pages and calls in flight alike: a call that has been under way for longer than `maxAgeMs` is not joined, and one
 * that took long is not kept as if it were new. Failures are never kept.
 */
export function createPageCache(options: PageCacheOptions): PageCache {
  const { fetch, maximumBytes, metrics, now = () => performance.now() } = options;
  const flights = new Map<string, Flight>();
  const kept =
    maximumBytes > 0
      ? new LRUCache<string, KeptPage>({
          maxSize: maximumBytes,
          sizeCalculation: ({ page }) => pageBytes(page),
          dispose: (_page, _key, reason) => {
            if (reason === 'evict') metrics?.countPage('evicted');
          },
        })
      : undefined;

  const keep = (key: string, page: KeptPage) => {
    if ((kept?.peek(key)?.begunAt ?? Number.NEGATIVE_INFINITY) <= page.begunAt) kept?.set(key, page);
  };

  const begin = (key: string, request: SearchPageRequest, deadline: number | undefined): Flight => {
    const controller = new AbortController();
    const progress: CallProgress = {};
    const begunAt = now();
    const { signal } = controller;
    const page = fetch(request, { signal, progress, ...(deadline !== undefined && { deadline }) });
    const flight: Flight = { begunAt, page, controller, progress, callers: 0 };
    const landed = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    page.then((fetched) => {
      landed();
      keep(key, { page: fetched, begunAt });
    }, landed);
    flights.set(key, flight);
    return flight;
  };

  /** Gives a flight up; its key is free at once, so that nobody joins what is being aborted. */
  const leave = (key: string, flight: Flight, reason: Error) => {
    flight.callers -= 1;
    if (flight.callers > 0) return;
    if (flights.get(key) === flight) flights.delete(key);
    flight.controller.abort(reason);
  };

  const join = (key: string, flight: Flight, signal: AbortSignal): Promise<SearchPage> => {
    flight.callers += 1;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const { turnAt } = flight.progress;
        const error = withdrawal(signal, turnAt === undefined ? 0 : turnAt - Date.now());
        reject(error);
        leave(key, flight, abortError(signal));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      flight.page.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', onAbort);
      });
    });
  };

  return {
    async get(request, { maxAgeMs, signal, deadline }) {
      if (signal.aborted) throw abortError(signal);
      const key = pageKey(request);
      const oldest = now() - maxAgeMs;
      const page = kept?.get(key);
      if (page !== undefined && page.begunAt >= oldest) {
        metrics?.countPage('hit');
        return page.page;
      }
      const flight = flights.get(key);
      if (flight !== undefined && flight.begunAt >= oldest) {
        metrics?.countPage('shared');
        return join(key, flight, signal);
      }
      metrics?.countPage('miss');
      return join(key, begin(key, request, deadline), signal);
    },
  };
}
