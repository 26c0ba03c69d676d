import { abortError } from '../abort.ts';
import { withdrawal } from '../calls/callQueue.ts';
import type { CallOptions, CallProgress, SearchPage, SearchPageRequest } from '../api.ts';
import { createKeptPages } from './keptPages.ts';
import { pageKey } from './pageKey.ts';

export type PageOutcome = 'hit' | 'miss' | 'shared' | 'evicted';

export interface PageMetrics {
  countPage(outcome: PageOutcome): void;
}

export interface PageCacheOptions {
  readonly fetch: (request: SearchPageRequest, options: CallOptions) => Promise<SearchPage>;
  /** Bound of the pages kept, in bytes as estimated; 0: none are kept, calls in flight are still shared. */
  readonly maximumBytes: number;
  /** How old a page that is kept may become, in milliseconds: the longest age that anyone asks for. */
  readonly maximumAgeMs: number;
  readonly metrics?: PageMetrics;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface PageOptions extends Omit<CallOptions, 'progress'> {
  /** How old a page may be, in milliseconds since HealthImaging was asked for it. */
  readonly maxAgeMs: number;
}

export interface PageCache {
  /**
   * The upstream page, out of the cache, of a call in flight, or fetched. Each caller leaves by its own signal, at once;
   * the call is aborted when its last caller has left. Who may see a page is decided before it is asked for here.
   */
  get(request: SearchPageRequest, options: PageOptions): Promise<SearchPage>;
}

/** What the call of a flight is told; `deadline` moves on when someone joins who can wait for longer. */
interface FlightCall {
  readonly signal: AbortSignal;
  readonly progress: CallProgress;
  deadline: number;
}

interface Flight {
  readonly page: Promise<SearchPage>;
  readonly call: FlightCall;
  readonly controller: AbortController;
  callers: number;
}

/**
 * A page shows the upstream as it was at some moment after it was asked for, so that is where its age counts from, for
 * kept pages and calls in flight alike: a call that has been under way for longer than `maxAgeMs` is not joined, and one
 * that took long is not kept as if it were new. A call that still waits for its turn is as fresh as any other would be.
 * Failures are never kept.
 */
export function createPageCache(options: PageCacheOptions): PageCache {
  const { fetch, maximumBytes, maximumAgeMs, metrics, now = () => performance.now() } = options;
  const flights = new Map<string, Flight>();
  const onEvicted = () => metrics?.countPage('evicted');
  const kept = createKeptPages({ maximumBytes, maximumAgeMs, onEvicted, now });

  const begin = (key: string, request: SearchPageRequest, deadline: number): Flight => {
    const controller = new AbortController();
    const call: FlightCall = { signal: controller.signal, progress: {}, deadline };
    const begunAt = now();
    const flight: Flight = { page: fetch(request, call), call, controller, callers: 0 };
    const landed = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.page.then((page) => {
      landed();
      const at = call.progress.askedAt ?? begunAt;
      kept.keep(key, page, at);
      // Whoever goes on from a row of it asks by the size that it was fetched at.
      if (page.maxResults !== undefined) {
        kept.keep(pageKey({ ...request, maxResults: page.maxResults }), page, at);
      }
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
        const { turnAt } = flight.call.progress;
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
    async get(request, { maxAgeMs, signal, deadline = Number.POSITIVE_INFINITY }) {
      if (signal.aborted) throw abortError(signal);
      const key = pageKey(request);
      const oldest = now() - maxAgeMs;
      const page = kept.get(key, oldest);
      if (page !== undefined) {
        metrics?.countPage('hit');
        return page;
      }
      const flight = flights.get(key);
      if (flight !== undefined && (flight.call.progress.askedAt ?? oldest) >= oldest) {
        metrics?.countPage('shared');
        flight.call.deadline = Math.max(flight.call.deadline, deadline);
        return join(key, flight, signal);
      }
      metrics?.countPage('miss');
      return join(key, begin(key, request, deadline), signal);
    },
  };
}
