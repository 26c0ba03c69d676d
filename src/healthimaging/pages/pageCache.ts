import { hash } from 'node:crypto';

import { canonicalCriteria } from '../../search/filter/fingerprint.ts';
import type { PageFetch } from '../../search/paging/pageChain.ts';
import { abortError } from '../abort.ts';
import type { CallOptions, CallProgress, SearchPage, SearchPageRequest } from '../api.ts';
import { withdrawal } from '../calls/callQueue.ts';
import { createKeptPages, type KeptPage } from './keptPages.ts';

export type PageOutcome = 'hit' | 'miss' | 'shared' | 'evicted';

export interface PageMetrics {
  countPage(outcome: PageOutcome): void;
}

export interface PageCacheOptions {
  readonly fetch: (request: SearchPageRequest, options: CallOptions) => Promise<SearchPage>;
  /** Bound of all kept pages, in bytes as estimated; 0: none are kept, calls in flight are still shared. */
  readonly maximumBytes: number;
  /** The greatest `maxAgeMs` that any caller passes: older pages are dropped. */
  readonly maximumAgeMs: number;
  readonly metrics?: PageMetrics;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface PageOptions extends Omit<CallOptions, 'progress'> {
  /** How long a call may have been in flight to be joined, in milliseconds since HealthImaging was asked. */
  readonly maxAgeMs: number;
  readonly keepAs: PlaceInSearch;
  /** Told when HealthImaging is asked for this caller, rather than a call in flight joined. */
  readonly onCall?: () => void;
}

/** Where a page is in the search that it is part of, whether HealthImaging was asked for the whole of that or from a bound on. */
export interface PlaceInSearch {
  /** The same text for all pages of a search. */
  readonly search: string;
  readonly request: PageFetch;
}

export interface PageCache {
  /** Whether it keeps any pages, or shares calls only. */
  readonly keepsPages: boolean;
  /**
   * Fetches a page, or joins a call in flight for it. Each caller can leave at once by its own signal; the call is aborted
   * when its last caller has left. Authorization happens before this: the cache does not know who asks.
   */
  fetch(request: SearchPageRequest, options: PageOptions): Promise<SearchPage>;
  /** The newest of the pages kept of a search that is wanted and at most `maxAgeMs` old. */
  find(search: string, maxAgeMs: number, isWanted: (page: KeptPage) => boolean): KeptPage | undefined;
}

/**
 * The options of the shared call. `deadline` moves on when a caller joins that can wait longer, a call ahead of need becomes one
 * that is waited for, and the call is that of another when its caller leaves.
 */
interface FlightCall extends CallOptions {
  readonly progress: CallProgress;
  ahead: boolean;
  deadline: number;
  caller: string | undefined;
}

interface Flight {
  readonly page: Promise<SearchPage>;
  readonly call: FlightCall;
  readonly controller: AbortController;
  /** Who waits for it, in the order in which they came. */
  readonly callers: (string | undefined)[];
}

/**
 * A page shows HealthImaging as it was at some moment after it was asked, so the age of a page, kept or in flight, counts
 * from then. A call that has been under way for longer than `maxAgeMs` is not joined, and a page that took long to come
 * is not kept as if it were new. A call that still waits for its turn is as fresh as a new one would be. Failures are
 * never kept.
 */
export function createPageCache(options: PageCacheOptions): PageCache {
  const { fetch, maximumBytes, maximumAgeMs, metrics, now = () => performance.now() } = options;
  const flights = new Map<string, Flight>();
  const onEvicted = () => metrics?.countPage('evicted');
  const kept = createKeptPages({ maximumBytes, maximumAgeMs, onEvicted, now });

  const begin = (
    key: string,
    request: SearchPageRequest,
    {
      keepAs,
      ...options
    }: Pick<PageOptions, 'keepAs' | 'requestId'> & Pick<FlightCall, 'ahead' | 'deadline' | 'caller'>,
  ): Flight => {
    const controller = new AbortController();
    const call: FlightCall = { ...options, signal: controller.signal, progress: {} };
    const begunAt = now();
    const flight: Flight = { page: fetch(request, call), call, controller, callers: [] };
    const landed = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.page.then((page) => {
      landed();
      const { search } = keepAs;
      // One who continues from one of its rows asks at the size that the page was fetched at.
      const { maxResults = request.maxResults } = page;
      const keptKey = pageKey({ ...request, maxResults });
      kept.keep(
        keptKey,
        { ...page, request: { ...keepAs.request, maxResults } },
        { search, begunAt: call.progress.askedAt ?? begunAt },
      );
    }, landed);
    flights.set(key, flight);
    return flight;
  };

  /** The last caller to leave aborts the call; the key is free at once, so that nobody joins an aborted call. */
  const leave = (
    key: string,
    flight: Flight,
    { caller, reason }: { caller: string | undefined; reason: Error },
  ) => {
    flight.callers.splice(flight.callers.indexOf(caller), 1);
    if (flight.callers.length > 0) {
      flight.call.caller = flight.callers[0];
      return;
    }
    if (flights.get(key) === flight) flights.delete(key);
    flight.controller.abort(reason);
  };

  return {
    keepsPages: maximumBytes > 0,
    async fetch(request, options) {
      const { maxAgeMs, signal, onCall, ahead = false, caller, ...call } = options;
      const { deadline = Number.POSITIVE_INFINITY } = options;
      if (signal.aborted) throw abortError(signal);
      const key = pageKey(request);
      const oldest = now() - maxAgeMs;
      const flight = flights.get(key);
      if (flight !== undefined && isJoinable(flight, oldest)) {
        if (ahead) return flight.page;
        metrics?.countPage('shared');
        flight.call.ahead = false;
        flight.call.deadline = Math.max(flight.call.deadline, deadline);
        return join(flight, { signal, caller }, (reason) => leave(key, flight, { caller, reason }));
      }
      metrics?.countPage('miss');
      onCall?.();
      const begun = begin(key, request, { ...call, ahead, deadline, caller });
      return join(begun, { signal, caller }, (reason) => leave(key, begun, { caller, reason }));
    },
    find(search, maxAgeMs, isWanted) {
      const page = kept.find(search, now() - maxAgeMs, isWanted);
      if (page !== undefined) metrics?.countPage('hit');
      return page;
    },
  };
}

/** One that is ahead of need may be refused until HealthImaging has been asked. */
function isJoinable({ call: { ahead, progress } }: Flight, oldest: number): boolean {
  const { askedAt = ahead ? Number.NEGATIVE_INFINITY : oldest } = progress;
  return askedAt >= oldest;
}

/** @param leave called when the caller leaves before the page has come */
function join(
  flight: Flight,
  { signal, caller }: Pick<CallOptions, 'signal' | 'caller'>,
  leave: (reason: Error) => void,
): Promise<SearchPage> {
  flight.callers.push(caller);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const { turnAt } = flight.call.progress;
      reject(withdrawal(signal, turnAt === undefined ? 0 : turnAt - performance.now()));
      leave(abortError(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    flight.page.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/**
 * An upstream page is identified by its data store, the criteria with their sort, the next token and the rows asked for.
 * A digest, so that the cache's keys hold no searched values, which may be a patient's.
 */
function pageKey({ datastoreId, criteria, nextToken, maxResults }: SearchPageRequest): string {
  const parts = [datastoreId, canonicalCriteria(criteria), nextToken ?? null, maxResults];
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
