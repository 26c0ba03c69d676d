import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import type { Position } from '../../../src/search/cursor/position.ts';
import type { PageSource } from '../../../src/search/paging/pageChain.ts';
import { maximumPages } from '../../../src/search/paging/walk.ts';
import { TokenLoopError } from '../../../src/search/paging/tokenLoop.ts';
import { openWindow, type Window } from '../../../src/search/paging/window.ts';
import {
  keepingPages,
  numberedRows,
  rowsOf,
  staticUpstream,
  stretches,
  unorderedList,
  type FetchPage,
  type SampleRow,
} from './pagedUpstream.ts';

const runs = { numRuns: 2_000 };
const firsts = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 500 }));
const pageSizes = fc.oneof(fc.constant(50), fc.integer({ min: 1, max: 50 }));

interface Sizes {
  readonly first: number;
  readonly pageSize: number;
}

function windowAfter(
  source: PageSource<SampleRow>,
  after: Position | null,
  { first, pageSize }: Sizes,
): Promise<Window<SampleRow>> {
  return openWindow(unorderedList(source, pageSize), { first, ...(after !== null && { after }) });
}

/** Where a client's next window starts, as `endCursor` says. */
function endOf({ rows, endPosition }: Window<SampleRow>): Position | null {
  return endPosition ?? rows.at(-1)?.position() ?? null;
}

/** Pages as a client does, until `hasNextPage` is false. */
async function* windows(source: PageSource<SampleRow>, sizes: Sizes) {
  let after: Position | null = null;
  for (;;) {
    const window = await windowAfter(source, after, sizes);
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
          for await (const { window, hasNextPage } of windows(upstream, { first, pageSize })) {
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
          const upstream = staticUpstream(list, false);
          for await (const { window } of windows(upstream, { first, pageSize })) {
            const edge = window.rows[pick % Math.max(1, window.rows.length)];
            if (edge === undefined) continue;
            const following = await windowAfter(upstream, edge.position(), { first: next, pageSize });
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

  test('makes at most two calls a page while its pages are kept, and one more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1_200 }),
        fc.boolean(),
        firsts,
        fc.constantFrom(50, 50, 25, 7),
        async (count, trailing, first, pageSize) => {
          const source = keepingPages(
            staticUpstream([{ emptyPages: 0, rows: numberedRows(count) }], trailing && count > 0),
          );
          let given = 0;
          for await (const { window } of windows(source, { first, pageSize })) given += window.rows.length;
          expect(given).toBe(count);
          // Only following a last next token shows that it leads to nothing.
          const toTheEnd = trailing && count > 0 ? 1 : 0;
          expect(source.calls.length).toBeLessThanOrEqual(2 * (Math.ceil(count / pageSize) + toTheEnd) + 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([10, 25, 100])('reads 523 rows in 22 calls or fewer, %i at a time', async (first) => {
    const source = keepingPages(staticUpstream([{ emptyPages: 0, rows: numberedRows(523) }], false));
    let given = 0;
    for await (const { window } of windows(source, { first, pageSize: 50 })) given += window.rows.length;
    expect(given).toBe(523);
    expect(source.calls.length).toBeLessThanOrEqual(22);
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
        const error: unknown = await drain(windows({ fetchPage }, { first, pageSize })).catch(
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
    const error: unknown = await windowAfter({ fetchPage }, null, { first: 1, pageSize: 50 }).catch(
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
