import { LRUCache } from 'lru-cache';

import type { KeptPage as WalkedPage } from '../../search/paging/pageChain.ts';
import type { ImageSetRow } from '../../search/imageSet.ts';
import type { SearchPage, UnreadPage } from '../api.ts';

export interface KeptPagesOptions {
  /** Bound of all pages, in bytes as estimated; 0: none are kept. */
  readonly maximumBytes: number;
  /** Older pages are dropped, in milliseconds: nobody would get them, and they hold patients' data. */
  readonly maximumAgeMs: number;
  readonly onEvicted: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** A page with what it was requested by within its search. */
export type KeptPage = SearchPage & WalkedPage<ImageSetRow>;

export interface KeptPages {
  /** The newest page of the search that is wanted, of those whose age counts from `oldest` or later. */
  find(search: string, oldest: number, isWanted: (page: KeptPage) => boolean): KeptPage | undefined;
  /** Keeps the page of a search, unless a newer one has the key. */
  keep(key: string, page: KeptPage, at: { readonly search: string; readonly begunAt: number }): void;
}

interface Entry {
  readonly page: KeptPage;
  readonly bytes: number;
  readonly search: string;
  readonly begunAt: number;
}

/** The pages used last, bounded in bytes and in age; an idle gateway ends up with none. */
export function createKeptPages(options: KeptPagesOptions): KeptPages {
  const { maximumBytes, maximumAgeMs, onEvicted, now } = options;
  if (maximumBytes <= 0) return { find: () => undefined, keep: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  /** Keys of each search's pages, the newest last. */
  const keysOf = new Map<string, Set<string>>();
  const pages = new LRUCache<string, Entry>({
    maxSize: maximumBytes,
    sizeCalculation: ({ bytes }) => bytes,
    noDisposeOnSet: true,
    dispose: (entry, key, reason) => {
      if (reason === 'evict') onEvicted();
      forget(entry, key);
    },
  });

  const forget = ({ search }: Entry, key: string) => {
    const keys = keysOf.get(search);
    keys?.delete(key);
    if (keys?.size === 0) keysOf.delete(search);
  };

  /** A page that is larger than the cache is not kept. */
  const store = (key: string, entry: Entry): boolean => {
    pages.set(key, entry);
    const isKept = pages.has(key);
    if (!isKept) forget(entry, key);
    return isKept;
  };

  const dropOld = () => {
    timer = undefined;
    const oldest = now() - maximumAgeMs;
    let next = Number.POSITIVE_INFINITY;
    for (const [key, { begunAt }] of pages.entries()) {
      if (begunAt < oldest) pages.delete(key);
      else next = Math.min(next, begunAt);
    }
    if (pages.size > 0) dropIn(next - oldest);
  };

  /** One timer for all pages; it does not keep the process alive. */
  const dropIn = (milliseconds: number) => {
    timer ??= setTimeout(dropOld, Math.ceil(milliseconds) + 1).unref();
  };

  return {
    find(search, oldest, isWanted) {
      for (const key of Array.from(keysOf.get(search) ?? []).reverse()) {
        const entry = pages.peek(key);
        if (entry === undefined || entry.begunAt < oldest || !isWanted(entry.page)) continue;
        // Marks it as used; it may have been read by now.
        return (pages.get(key) ?? entry).page;
      }
      return undefined;
    },
    keep(key, page, { search, begunAt }) {
      const known = pages.peek(key);
      if (known !== undefined && known.begunAt > begunAt) return;
      const whole = (read: KeptPage): Entry => ({ page: read, bytes: pageBytes(read), search, begunAt });
      const later = (unread: UnreadPage): Entry => {
        const bytes = pageOverhead + unread.bytes;
        const onRead = (read: KeptPage) => {
          // Another may have its place by now.
          if (pages.peek(key) === entry) store(key, whole(read));
        };
        return { page: readLater(unread, page, onRead), bytes, search, begunAt };
      };
      const entry = page.unread === undefined ? whole(page) : later(page.unread);
      if (known !== undefined) forget(known, key);
      if (store(key, entry)) {
        const keys = keysOf.get(search) ?? new Set();
        keysOf.set(search, keys.add(key));
      }
      dropIn(begunAt + maximumAgeMs - now());
    },
  };
}

/**
 * A page that stays the response that it came in until its rows are looked at, which those of most never are.
 * @param asked what it was requested by
 * @param onRead called with the whole page
 */
function readLater(
  { read }: UnreadPage,
  { request, maxResults }: Pick<KeptPage, 'request' | 'maxResults'>,
  onRead: (page: KeptPage) => void,
): KeptPage {
  const asked = { request, ...(maxResults !== undefined && { maxResults }) };
  let page: KeptPage | undefined;
  const whole = () => {
    if (page === undefined) {
      page = { ...read(), ...asked };
      onRead(page);
    }
    return page;
  };
  return {
    ...asked,
    get rows() {
      return whole().rows;
    },
    get sort() {
      return whole().sort;
    },
    get nextToken() {
      return whole().nextToken;
    },
  };
}

/** A row in V8: two objects with 26 members of 8 bytes, and the headers of some twenty strings of 16. */
const rowBytes = 640;
const pageOverhead = 512;

/** The memory that a page takes, estimated in bytes: two a character, as V8 stores text beyond Latin-1. */
function pageBytes({ rows, nextToken }: SearchPage): number {
  let bytes = pageOverhead + 2 * (nextToken?.length ?? 0);
  for (const row of rows) {
    bytes += rowBytes + 2 * textLength(row) + 2 * textLength(row.dicomTags ?? {});
  }
  return bytes;
}

function textLength(record: object): number {
  const members = record as Readonly<Record<string, unknown>>;
  let length = 0;
  // Not over a list of its values: a page has a hundred records.
  for (const name in members) {
    const value = members[name];
    if (typeof value === 'string') length += value.length;
  }
  return length;
}
