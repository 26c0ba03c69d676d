import { expect, test } from '@jest/globals';

import type { SearchPage } from '../../../src/healthimaging/api.ts';
import { createKeptPages, type KeptPage } from '../../../src/healthimaging/pages/keptPages.ts';
import { fakeRow } from '../../support/upstream/fakeHealthImaging.ts';

// Pages that came with the response that they can be read from once more.

const request = { maxResults: 50 };
const maximumAgeMs = 60_000;

function harness(maximumBytes: number) {
  const evicted = { count: 0 };
  const kept = createKeptPages({
    maximumBytes,
    maximumAgeMs,
    onEvicted: () => (evicted.count += 1),
    now: () => 0,
  });
  return { kept, evicted };
}

function pageOf(number: number, rowCount: number): SearchPage {
  return { rows: Array.from({ length: rowCount }, () => fakeRow(number)), sort: null, nextToken: 'next' };
}

/** @param bytes of its response */
function unreadPage(number: number, { bytes, rows = 10 }: { bytes: number; rows?: number }) {
  const reads = { count: 0 };
  const read = () => {
    reads.count += 1;
    return pageOf(number, rows);
  };
  const page: KeptPage = { ...pageOf(number, rows), request, unread: { bytes, read } };
  return { page, reads };
}

const any = () => true;

test('a page is read from its response when its rows are looked at, once', () => {
  const { kept } = harness(100_000);
  const { page, reads } = unreadPage(1, { bytes: 100 });
  kept.keep('key', { ...page, maxResults: 20 }, { search: 'search', begunAt: 0 });
  const found = kept.find('search', 0, ({ request: { maxResults } }) => maxResults === 50);
  expect([found?.request, found?.maxResults, reads.count]).toEqual([request, 20, 0]);
  expect({ ...found }).toEqual({ ...pageOf(1, 10), request, maxResults: 20 });
  expect(kept.find('search', 0, any)?.rows).toBe(found?.rows);
  expect(reads.count).toBe(1);
});

test('a page counts as large as its response and, once it is read, as its rows', () => {
  const { kept, evicted } = harness(42_000);
  const pages = Array.from({ length: 20 }, (_, number) => unreadPage(number, { bytes: 1_500 }));
  pages.forEach(({ page }, number) =>
    kept.keep(`key ${number}`, page, { search: `search ${number}`, begunAt: 0 }),
  );
  expect(evicted.count).toBe(0);
  expect(kept.find('search 7', 0, ({ rows }) => rows.length > 0)?.nextToken).toBe('next');
  expect(evicted.count).toBeGreaterThan(0);
  expect(kept.find('search 7', 0, any)).toBeDefined();
  expect(kept.find('search 0', 0, any)).toBeUndefined();
  expect(pages.map(({ reads }) => reads.count)).toEqual(pages.map((_, number) => Number(number === 7)));
});

test('a page whose rows are larger than the cache is given out, and not kept on', () => {
  const { kept } = harness(5_000);
  kept.keep('key', unreadPage(1, { bytes: 1_500 }).page, { search: 'search', begunAt: 0 });
  expect(kept.find('search', 0, ({ rows }) => rows.length > 0)?.rows).toHaveLength(10);
  expect(kept.find('search', 0, any)).toBeUndefined();
});

test('a page that is read late does not take the place of a newer one', () => {
  const { kept } = harness(100_000);
  const keep = (number: number, begunAt: number) =>
    kept.keep('key', unreadPage(number, { bytes: 100 }).page, { search: 'search', begunAt });
  keep(1, 0);
  const old = kept.find('search', 0, any);
  keep(2, 5);
  expect(old?.rows).toEqual(pageOf(1, 10).rows);
  expect(kept.find('search', 0, any)?.rows).toEqual(pageOf(2, 10).rows);
});

test('pages of a search are looked through from the newest on, whichever was read last', () => {
  const { kept } = harness(1_000_000);
  for (const number of [1, 2, 3])
    kept.keep(`key ${number}`, unreadPage(number, { bytes: 100 }).page, {
      search: 'search',
      begunAt: number,
    });
  const isOne = ({ rows }: KeptPage) => rows[0]?.imageSetId === fakeRow(1).imageSetId;
  expect(kept.find('search', 0, isOne)?.rows).toEqual(pageOf(1, 10).rows);
  expect(kept.find('search', 0, any)?.rows).toEqual(pageOf(3, 10).rows);
});
