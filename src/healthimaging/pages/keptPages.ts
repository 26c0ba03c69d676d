import { LRUCache } from 'lru-cache';

import type { SearchPage } from '../api.ts';

export interface KeptPagesOptions {
  /** Bound of all pages, in bytes as estimated; 0: none are kept. */
  readonly maximumBytes: number;
  /** Older pages are dropped, in milliseconds: nobody would get them, and they hold patients' data. */
  readonly maximumAgeMs: number;
  readonly onEvicted: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface KeptPages {
  /** The page, where its age counts from `oldest` or later. */
  get(key: string, oldest: number): SearchPage | undefined;
  /** Keeps the page, unless a newer one has the key. */
  keep(key: string, page: SearchPage, begunAt: number): void;
}

interface KeptPage {
  readonly page: SearchPage;
  readonly begunAt: number;
}

/** The pages used last, bounded in bytes and in age; an idle gateway ends up with none. */
export function createKeptPages(options: KeptPagesOptions): KeptPages {
  const { maximumBytes, maximumAgeMs, onEvicted, now } = options;
  if (maximumBytes <= 0) return { get: () => undefined, keep: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  const pages = new LRUCache<string, KeptPage>({
    maxSize: maximumBytes,
    sizeCalculation: ({ page }) => pageBytes(page),
    dispose: (_page, _key, reason) => {
      if (reason === 'evict') onEvicted();
    },
  });

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
    get(key, oldest) {
      const kept = pages.get(key);
      return kept !== undefined && kept.begunAt >= oldest ? kept.page : undefined;
    },
    keep(key, page, begunAt) {
      const known = pages.peek(key);
      if (known !== undefined && known.begunAt > begunAt) return;
      pages.set(key, { page, begunAt });
      dropIn(begunAt + maximumAgeMs - now());
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
  let length = 0;
  for (const value of Object.values(record) as unknown[]) {
    if (typeof value === 'string') length += value.length;
  }
  return length;
}
