import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { Position } from '../../../src/search/cursor/position.ts';
import type { FetchedPage, PageFetch } from '../../../src/search/paging/pageChain.ts';
import { openWindow, type Window } from '../../../src/search/paging/window.ts';
import { numberedRows, unorderedList, type FetchPage, type SampleRow } from './pagedUpstream.ts';

type Pages = Readonly<Record<string, Partial<FetchedPage<SampleRow>>>>;

/** What HealthImaging sees of a request. */
function asked({ nextToken, maxResults, pageSizeOfToken }: PageFetch): PageFetch {
  return {
    maxResults,
    ...(nextToken !== undefined && { nextToken }),
    ...(pageSizeOfToken !== undefined && { pageSizeOfToken }),
  };
}

/** Pages by the token that leads to them, the first one under ''. */
function scripted(pages: Pages): [fetchPage: FetchPage<SampleRow>, calls: PageFetch[]] {
  const calls: PageFetch[] = [];
  return [
    (request) => {
      calls.push(asked(request));
      const page = pages[request.nextToken ?? ''];
      return page === undefined
        ? Promise.reject(new GatewayError('UPSTREAM_UNAVAILABLE'))
        : Promise.resolve({ rows: [], ...page });
    },
    calls,
  ];
}

/** Empty pages without end, after `rows` rows. */
function endless(rows: number): [fetchPage: FetchPage<SampleRow>, calls: PageFetch[]] {
  const calls: PageFetch[] = [];
  return [
    (request) => {
      calls.push(asked(request));
      const page = Number(request.nextToken ?? 0);
      return Promise.resolve({ rows: page === 0 ? numberedRows(rows) : [], nextToken: String(page + 1) });
    },
    calls,
  ];
}

const serials = (rows: readonly { readonly row: SampleRow }[]) => rows.map(({ row }) => row.serial);

interface Asked {
  readonly first?: number;
  readonly after?: Position | null | undefined;
  readonly pageSize?: number;
}

function walk(
  fetchPage: FetchPage<SampleRow>,
  { first = 10, after, pageSize = 50 }: Asked = {},
): Promise<Window<SampleRow>> {
  return openWindow(unorderedList({ fetchPage }, pageSize), { first, ...(after && { after }) });
}

describe('the number of rows requested of a page', () => {
  test('in a window from the start is one more than wanted, up to the page size', async () => {
    const [fetchPage, calls] = scripted({ '': {} });
    await walk(fetchPage, { first: 10 });
    await walk(fetchPage, { first: 49, pageSize: 50 });
    await walk(fetchPage, { first: 50, pageSize: 50 });
    await walk(fetchPage, { first: 500, pageSize: 7 });
    expect(calls).toEqual([11, 50, 50, 7].map((maxResults) => ({ maxResults })));
  });

  test('after a next token is the page size, with what was requested of the page before', async () => {
    const [fetchPage, calls] = scripted({ '': { rows: numberedRows(3), nextToken: 'b' }, b: {} });
    await walk(fetchPage);
    expect(calls).toEqual([{ maxResults: 11 }, { nextToken: 'b', maxResults: 50, pageSizeOfToken: 11 }]);
  });

  test('after a cursor is the page size from the first page on', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(11), nextToken: 'b' },
      b: { rows: numberedRows(50, 11), nextToken: null },
    });
    const window = await walk(fetchPage);
    calls.length = 0;
    const after = window.rows[9]?.position();
    const next = await walk(fetchPage, { after });
    expect(serials(next.rows)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(calls).toEqual([{ maxResults: 50 }, { nextToken: 'b', maxResults: 50, pageSizeOfToken: 50 }]);
  });

  test('is remembered as it was in the end', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(1), nextToken: 'b' },
      b: { rows: numberedRows(2, 1), nextToken: 'c', maxResults: 11 },
      c: { rows: numberedRows(50, 3) },
    });
    const { rows } = await walk(fetchPage);
    expect(calls[2]).toEqual({ nextToken: 'c', maxResults: 50, pageSizeOfToken: 11 });
    expect(rows[1]?.position().page).toMatchObject({ token: 'b', maxResults: 11, pageSizeOfToken: 11 });
  });
});

describe('a window', () => {
  test('gives each row a position, which names its page where only a next token leads there', async () => {
    const [fetchPage] = scripted({
      '': { rows: numberedRows(1), nextToken: 'b' },
      b: { rows: numberedRows(1, 1) },
    });
    const { rows } = await walk(fetchPage, { first: 2 });
    expect(rows.map(({ position }) => position())).toEqual([
      { row: { id: 'row0', value: null, occurrence: 0 }, page: null },
      {
        row: { id: 'row1', value: null, occurrence: 0 },
        page: {
          bound: null,
          token: 'b',
          maxResults: 50,
          pageSizeOfToken: 3,
          loopCheck: { followed: 1, mark: expect.stringMatching(/^[0-9a-f]{16}$/) },
        },
      },
    ]);
  });

  test('tells rows that are listed twice apart', async () => {
    const [fetchPage] = scripted({
      '': { rows: [...numberedRows(2), ...numberedRows(2), ...numberedRows(1, 2)] },
    });
    const { rows } = await walk(fetchPage);
    const following = rows.map(async ({ position }) =>
      serials((await walk(fetchPage, { after: position() })).rows),
    );
    expect(await Promise.all(following)).toEqual([[1, 0, 1, 2], [0, 1, 2], [1, 2], [2], []]);
  });

  test('says the order of its first page', async () => {
    const sort = { sortField: 'createdAt', sortOrder: 'ASC' } as const;
    const [fetchPage] = scripted({ '': { sort, nextToken: 'b' }, b: {} });
    expect((await walk(fetchPage)).sort).toEqual(sort);
    expect((await walk(scripted({ '': {} })[0])).sort).toBeNull();
  });

  test('keeps rows that HealthImaging repeats', async () => {
    const [fetchPage] = scripted({
      '': { rows: [...numberedRows(2), ...numberedRows(2)], nextToken: 'b' },
      b: { rows: numberedRows(2) },
    });
    expect(serials((await walk(fetchPage)).rows)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('ends at an empty next token', async () => {
    const [fetchPage, calls] = scripted({ '': { rows: numberedRows(1), nextToken: '' } });
    const window = await walk(fetchPage);
    expect([await window.hasNextPage(), calls.length]).toEqual([false, 1]);
  });

  test('fails with the error of a page', async () => {
    const [fetchPage] = scripted({ '': { nextToken: 'b' } });
    await expect(walk(fetchPage)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('fails at a repeated next token, unless the rows before it suffice', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(2), nextToken: 'b' },
      b: { rows: numberedRows(2, 2), nextToken: 'c' },
      c: { nextToken: 'b' },
    });
    await expect(walk(fetchPage)).rejects.toMatchObject({
      code: 'UPSTREAM_PROTOCOL_ERROR',
      retryable: false,
    });
    expect(calls).toHaveLength(3);
    const { rows } = await walk(fetchPage, { first: 4 });
    expect(serials(rows)).toEqual([0, 1, 2, 3]);
  });
});

describe('hasNextPage', () => {
  test('makes no call while the page has more rows, nor without a next token', async () => {
    const [more, moreCalls] = scripted({ '': { rows: numberedRows(11), nextToken: 'b' } });
    const [end, endCalls] = scripted({ '': { rows: numberedRows(10) } });
    expect(await (await walk(more)).hasNextPage()).toBe(true);
    expect(await (await walk(end)).hasNextPage()).toBe(false);
    expect([moreCalls.length, endCalls.length]).toEqual([1, 1]);
  });

  test('reads nothing before it is called, and then only once', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(10), nextToken: 'b' },
      b: { nextToken: 'c' },
      c: { rows: numberedRows(1, 10) },
    });
    const window = await walk(fetchPage);
    expect(calls).toHaveLength(1);
    expect(await Promise.all([window.hasNextPage(), window.hasNextPage()])).toEqual([true, true]);
    expect(calls).toHaveLength(3);
  });

  test('is false where only empty pages follow', async () => {
    const [fetchPage] = scripted({
      '': { rows: numberedRows(10), nextToken: 'b' },
      b: { nextToken: 'c' },
      c: { nextToken: null },
    });
    expect(await (await walk(fetchPage)).hasNextPage()).toBe(false);
  });

  test('fails at a repeated next token', async () => {
    const [fetchPage] = scripted({ '': { rows: numberedRows(10), nextToken: 'b' }, b: { nextToken: 'b' } });
    const window = await walk(fetchPage);
    await expect(window.hasNextPage()).rejects.toMatchObject({ code: 'UPSTREAM_PROTOCOL_ERROR' });
  });
});

describe('the limit of ten pages', () => {
  test('ends a window without rows after ten empty pages; the next window starts at the eleventh', async () => {
    const [fetchPage, calls] = endless(0);
    const window = await walk(fetchPage);
    expect([serials(window.rows), await window.hasNextPage(), calls.length]).toEqual([[], true, 10]);
    expect(window.endPosition).toMatchObject({ page: { token: '10', maxResults: 50 }, row: null });

    const after = window.endPosition;
    const next = await walk(fetchPage, { after });
    expect(calls[10]).toEqual({ nextToken: '10', maxResults: 50, pageSizeOfToken: 50 });
    expect(next.endPosition).toMatchObject({ page: { token: '20', loopCheck: { followed: 20 } }, row: null });
  });

  test('ends a window short where rows are scarce, and still looks one page ahead', async () => {
    const [fetchPage, calls] = endless(3);
    const window = await walk(fetchPage);
    expect([serials(window.rows), calls.length]).toEqual([[0, 1, 2], 10]);
    expect(window.endPosition).toMatchObject({ page: { token: '10' }, row: null });
    expect([await window.hasNextPage(), calls.length]).toEqual([true, 11]);
  });

  test('has the next window start after the last row when the last page read has it', async () => {
    const fetchPage: FetchPage<SampleRow> = ({ nextToken }) => {
      const page = Number(nextToken ?? 0);
      return Promise.resolve({ rows: numberedRows(1, page), nextToken: page < 10 ? String(page + 1) : null });
    };
    const window = await walk(fetchPage, { first: 500, pageSize: 1 });
    expect(serials(window.rows)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([window.endPosition, await window.hasNextPage()]).toEqual([null, true]);
    const after = window.rows.at(-1)?.position();
    const next = await walk(fetchPage, { first: 500, pageSize: 1, after });
    expect([serials(next.rows), await next.hasNextPage()]).toEqual([[10], false]);
  });

  test('is shared by rows and looking ahead', async () => {
    const [fetchPage, calls] = endless(10);
    const window = await walk(fetchPage);
    expect([window.rows.length, calls.length]).toEqual([10, 1]);
    expect([await window.hasNextPage(), calls.length]).toEqual([true, 10]);
  });
});

describe('a window of a list without a known order, after a row that was removed', () => {
  test('begins with the first row, rather than pass over rows that may not have been shown', async () => {
    const [fetchPage] = scripted({ '': { rows: numberedRows(3) } });
    const after = { row: { id: 'gone', value: null, occurrence: 0 }, page: null };
    expect(serials((await walk(fetchPage, { after })).rows)).toEqual([0, 1, 2]);
  });

  test('fails for a cursor of format 1, which does not say what the row was like', async () => {
    const [fetchPage] = scripted({ '': { rows: numberedRows(3) } });
    const page = { bound: null, token: null, maxResults: 50, pageSizeOfToken: null };
    const after = {
      row: { id: 'gone', value: undefined, occurrence: 0 },
      page: { ...page, loopCheck: { followed: 0, mark: '' } },
    };
    await expect(walk(fetchPage, { after })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    const rest = await walk(fetchPage, { after: { ...after, row: { ...after.row, id: 'row0' } } });
    expect(serials(rest.rows)).toEqual([1, 2]);
  });
});
