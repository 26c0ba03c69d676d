import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import type { Position } from '../../../src/search/cursor/position.ts';
import type { FetchPage } from '../../../src/search/paging/pageChain.ts';
import { TokenLoopError } from '../../../src/search/paging/tokenLoop.ts';
import { maximumPages, walkWindow, type Window } from '../../../src/search/paging/walk.ts';
import {
  idOf,
  keepingPages,
  numberedRows,
  rowsOf,
  staticUpstream,
  stretches,
  type SampleRow,
  type Stretch,
} from './pagedUpstream.ts';

const runs = { numRuns: 2_000 };
const firsts = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 500 }));
const pageSizes = fc.oneof(fc.constant(50), fc.integer({ min: 1, max: 50 }));

function windowAfter(
  fetchPage: FetchPage<SampleRow>,
  after: Position | null,
  sizes: { readonly first: number; readonly pageSize: number },
): Promise<Window<SampleRow>> {
  return walkWindow(fetchPage, { ...sizes, idOf, ...(after !== null && { after }) });
}

/** Where a client's next window starts, as `endCursor` says. */
function endOf({ rows, endPosition }: Window<SampleRow>): Position | null {
  return endPosition ?? rows.at(-1)?.position ?? null;
}

/** Pages as a client does, until `hasNextPage` is false. */
async function* windows(
  fetchPage: FetchPage<SampleRow>,
  sizes: { readonly first: number; readonly pageSize: number },
) {
  let after: Position | null = null;
  for (;;) {
    const window = await windowAfter(fetchPage, after, sizes);
    const hasNextPage = await window.hasNextPage();
    yield { window, hasNextPage };
    if (!hasNextPage) return;
    after = endOf(window);
  }
}

describe('a walk over pages that do not change', () => {
  test('returns every row once, in upstream order, and is exact about a next page', async () => {
    await fc.assert(
      fc.asyncProperty(
        stretches,
        fc.boolean(),
        firsts,
        pageSizes,
        async (list, trailing, first, pageSize) => {
          const all = rowsOf(list);
          const upstream = staticUpstream(list, trailing);
          const given: SampleRow[] = [];
          let callsBefore = 0;
          for await (const { window, hasNextPage } of windows(upstream.fetchPage, { first, pageSize })) {
            given.push(...window.rows.map(({ row }) => row));
            const calls = upstream.calls.length - callsBefore;
            callsBefore = upstream.calls.length;
            expect(calls).toBeLessThanOrEqual(maximumPages + 1);
            expect(window.rows.length).toBeLessThanOrEqual(first);
            // A next page that does not exist may be promised only where the limit on pages was used up.
            if (!hasNextPage || calls < maximumPages) expect(hasNextPage).toBe(given.length < all.length);
          }
          expect(given).toEqual(all);
        },
      ),
      runs,
    );
  });

  test('continues after any edge with the rows that follow it', async () => {
    await fc.assert(
      fc.asyncProperty(
        stretches,
        fc.tuple(firsts, firsts),
        pageSizes,
        fc.nat(),
        async (list, [first, next], pageSize, pick) => {
          const all = rowsOf(list);
          const { fetchPage } = staticUpstream(list, false);
          for await (const { window } of windows(fetchPage, { first, pageSize })) {
            const edge = window.rows[pick % Math.max(1, window.rows.length)];
            if (edge === undefined) continue;
            const following = await windowAfter(fetchPage, edge.position, { first: next, pageSize });
            const from = all.indexOf(edge.row) + 1;
            const rows = following.rows.map(({ row }) => row);
            expect(rows).toEqual(all.slice(from, from + rows.length));
            expect(rows.length > 0 || following.endPosition !== null || from === all.length).toBe(true);
          }
        },
      ),
      runs,
    );
  });

  test('makes at most rows / page size + 1 calls while its pages are kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1_200 }),
        fc.boolean(),
        firsts,
        fc.constantFrom(50, 50, 25, 7),
        async (count, trailing, first, pageSize) => {
          const { fetchPage, calls } = keepingPages(
            staticUpstream([{ emptyPages: 0, rows: numberedRows(count) }], trailing && count > 0),
          );
          let given = 0;
          for await (const { window } of windows(fetchPage, { first, pageSize })) given += window.rows.length;
          expect(given).toBe(count);
          // Only following a last next token shows that it leads to nothing.
          const toTheEnd = trailing && count > 0 ? 1 : 0;
          expect(calls.length).toBeLessThanOrEqual(Math.ceil(count / pageSize) + 1 + toTheEnd);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([10, 25, 100])('reads 523 rows in 12 calls or fewer, %i at a time', async (first) => {
    const { fetchPage, calls } = keepingPages(
      staticUpstream([{ emptyPages: 0, rows: numberedRows(523) }], false),
    );
    let given = 0;
    for await (const { window } of windows(fetchPage, { first, pageSize: 50 })) given += window.rows.length;
    expect(given).toBe(523);
    expect(calls.length).toBeLessThanOrEqual(12);
  });
});

describe('a walk over next tokens that form a loop', () => {
  const chains = fc.record({
    /** Rows of each page; the first has no token. */
    pages: fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 40 }),
    /** Where in the chain the last page leads back to. */
    back: fc.nat(),
  });

  test('ends with the error of a token loop, which is not retryable, whatever `first` is', async () => {
    await fc.assert(
      fc.asyncProperty(chains, firsts, pageSizes, async ({ pages, back }, first, pageSize) => {
        let calls = 0;
        const target = 1 + (back % (pages.length - 1));
        const fetchPage: FetchPage<SampleRow> = ({ nextToken }) => {
          calls += 1;
          const index = Number(nextToken ?? 0);
          const next = index + 1 < pages.length ? index + 1 : target;
          return Promise.resolve({
            rows: numberedRows(pages[index] ?? 0, 10 * index),
            nextToken: String(next),
          });
        };
        const error: unknown = await drain(windows(fetchPage, { first, pageSize })).catch(
          (cause: unknown) => cause,
        );
        expect(error).toBeInstanceOf(TokenLoopError);
        expect(error).toMatchObject({ code: 'UPSTREAM_PROTOCOL_ERROR', retryable: false });
        // Brent's limit on the tokens, and what the rows and the looking ahead of each window add to it.
        expect(calls).toBeLessThanOrEqual(3 * pages.length * 6 + 20);
      }),
      runs,
    );
  });

  test('has an error of fixed text', async () => {
    const fetchPage: FetchPage<SampleRow> = () => Promise.resolve({ rows: [], nextToken: 'secret-token' });
    const error: unknown = await walkWindow(fetchPage, { first: 1, pageSize: 50, idOf }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(GatewayError);
    expect(String(error)).not.toContain('secret-token');
  });
});

async function drain(source: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const item of source) count += item === undefined ? 0 : 1;
  return count;
}

describe('a page whose rows change between two windows', () => {
  const changes = fc.record({
    count: fc.integer({ min: 2, max: 30 }),
    after: fc.nat(),
    arrivals: fc.array(fc.nat({ max: 30 }), { maxLength: 8 }),
    departures: fc.array(fc.nat({ max: 29 }), { maxLength: 8 }),
  });

  const pageOf =
    (rows: readonly SampleRow[]): FetchPage<SampleRow> =>
    () =>
      Promise.resolve({ rows, nextToken: null });

  test('neither repeats nor skips rows when rows are added and removed', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async ({ count, after, arrivals, departures }) => {
        const before = numberedRows(count);
        const at = after % count;
        const left = new Set(departures);
        // Where the row was removed with both of its neighbours, nothing tells where the window ended.
        fc.pre(!left.has(at) || (at > 0 && !left.has(at - 1)) || (at + 1 < count && !left.has(at + 1)));
        const changed = before.filter(({ serial }) => !left.has(serial));
        arrivals.forEach((place, index) => changed.splice(place, 0, ...numberedRows(1, 1_000 + index)));

        const window = await windowAfter(pageOf(before), null, { first: at + 1, pageSize: 50 });
        const next = await windowAfter(pageOf(changed), endOf(window), { first: 50, pageSize: 50 });
        const old = next.rows.map(({ row }) => row).filter(({ serial }) => serial < 1_000);
        expect(old).toEqual(changed.filter(({ serial }) => serial > at && serial < 1_000));
      }),
      runs,
    );
  });

  test('continues where it was when the row of the cursor moves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 30 }), fc.nat(), fc.nat(), async (count, after, target) => {
        const before = numberedRows(count);
        const at = 1 + (after % (count - 2));
        const rest = before.filter(({ serial }) => serial !== at);
        const place = target % count;
        const changed = [...rest.slice(0, place), ...numberedRows(1, at), ...rest.slice(place)];

        const window = await windowAfter(pageOf(before), null, { first: at + 1, pageSize: 50 });
        const next = await windowAfter(pageOf(changed), endOf(window), { first: 50, pageSize: 50 });
        const serials = next.rows.map(({ row }) => row.serial).filter((serial) => serial !== at);
        expect(serials).toEqual(before.slice(at + 1).map(({ serial }) => serial));
      }),
      runs,
    );
  });

  test('follows rows that new rows have pushed to the next page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 40 }),
        async (count, first, arrivals) => {
          const before: Stretch[] = [{ emptyPages: 0, rows: numberedRows(count) }];
          const changed: Stretch[] = [
            { emptyPages: 0, rows: [...numberedRows(arrivals, 1_000), ...numberedRows(count)] },
          ];
          const sizes = { first, pageSize: 50 };
          const window = await windowAfter(staticUpstream(before, false).fetchPage, null, sizes);
          const { fetchPage } = staticUpstream(changed, false);
          const next = await windowAfter(fetchPage, endOf(window), { first: 10, pageSize: 50 });
          expect(next.rows.map(({ row }) => row)).toEqual(numberedRows(Math.min(10, count - first), first));
        },
      ),
      { numRuns: 500 },
    );
  });
});
