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
  const keys = createSearchKeys();
  const pages = new LRUCache<string, Entry>({
    maxSize: maximumBytes,
    sizeCalculation: ({ bytes }) => bytes,
    noDisposeOnSet: true,
    dispose: (entry, key, reason) => {
      if (reason === 'evict') onEvicted();
      keys.delete(entry.search, key);
    },
  });

  /** A page that is larger than the cache is not kept. */
  const store = (key: string, entry: Entry) => {
    pages.set(key, entry);
    if (!pages.has(key)) keys.delete(entry.search, key);
  };

  const putInPlace = (key: string, unread: KeptPage, read: KeptPage) => {
    const entry = pages.peek(key);
    // Another may have its place by now.
    if (entry?.page === unread) store(key, { ...entry, page: read, bytes: pageBytes(read) });
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
      for (const key of keys.newestFirst(search)) {
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
      const { unread } = page;
      const entry =
        unread === undefined
          ? { page, bytes: pageBytes(page), search, begunAt }
          : {
              page: readLater(unread, askedFor(page), putInPlace.bind(undefined, key)),
              bytes: pageOverhead + unread.bytes,
              ...{ search, begunAt },
            };
      keys.add(search, key);
      store(key, entry);
      dropIn(begunAt + maximumAgeMs - now());
    },
  };
}

/** Keys of each search's pages. */
function createSearchKeys() {
  const keysOf = new Map<string, Set<string>>();
  const remove = (search: string, key: string) => {
    const keys = keysOf.get(search);
    keys?.delete(key);
    if (keys?.size === 0) keysOf.delete(search);
  };
  return {
    newestFirst: (search: string) => Array.from(keysOf.get(search) ?? []).reverse(),
    add(search: string, key: string) {
      remove(search, key);
      const keys = keysOf.get(search) ?? new Set();
      keysOf.set(search, keys.add(key));
    },
    delete: remove,
  };
}

type Asked = Pick<KeptPage, 'request' | 'maxResults'>;

function askedFor({ request, maxResults }: KeptPage): Asked {
  return { request, ...(maxResults !== undefined && { maxResults }) };
}

/**
 * A page that stays the response that it came in until its rows are looked at, which those of most never are. It must hold
 * nothing that holds the rows: so this is given no page, and `onRead` must come from where none is.
 * @param onRead called with this page, and the one that was read
 */
function readLater(
  { read }: UnreadPage,
  asked: Asked,
  onRead: (unread: KeptPage, page: KeptPage) => void,
): KeptPage {
  let whole: KeptPage | undefined;
  const readOnce = () => {
    if (whole === undefined) {
      whole = { ...read(), ...asked };
      onRead(page, whole);
    }
    return whole;
  };
  const page = {
    ...asked,
    get rows() {
      return readOnce().rows;
    },
    get sort() {
      return readOnce().sort;
    },
    get nextToken() {
      return readOnce().nextToken;
    },
  };
  return page;
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
