import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { shortHash, type Position } from '../../../src/search/cursor/position.ts';
import type { FetchedPage, FetchPage, PageFetch } from '../../../src/search/paging/pageChain.ts';
import { walkWindow } from '../../../src/search/paging/walk.ts';
import { idOf, numberedRows, type SampleRow } from './pagedUpstream.ts';

type Pages = Readonly<Record<string, Partial<FetchedPage<SampleRow>>>>;

/** Pages by the token that leads to them, the first one under ''. */
function scripted(pages: Pages): [fetchPage: FetchPage<SampleRow>, calls: PageFetch[]] {
  const calls: PageFetch[] = [];
  return [
    (request) => {
      calls.push(request);
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
      calls.push(request);
      const page = Number(request.nextToken ?? 0);
      return Promise.resolve({ rows: page === 0 ? numberedRows(rows) : [], nextToken: String(page + 1) });
    },
    calls,
  ];
}

const serials = (rows: readonly { readonly row: SampleRow }[]) => rows.map(({ row }) => row.serial);
const first10 = { first: 10, pageSize: 50, idOf };

describe('the number of rows requested of a page', () => {
  test('in a window from the start is one more than wanted, up to the page size', async () => {
    const [fetchPage, calls] = scripted({ '': {} });
    await walkWindow(fetchPage, { first: 10, pageSize: 50, idOf });
    await walkWindow(fetchPage, { first: 49, pageSize: 50, idOf });
    await walkWindow(fetchPage, { first: 50, pageSize: 50, idOf });
    await walkWindow(fetchPage, { first: 500, pageSize: 7, idOf });
    expect(calls).toEqual([11, 50, 50, 7].map((maxResults) => ({ maxResults, resumed: false })));
  });

  test('after a next token is the page size, with what was requested of the page before', async () => {
    const [fetchPage, calls] = scripted({ '': { rows: numberedRows(3), nextToken: 'b' }, b: {} });
    await walkWindow(fetchPage, first10);
    expect(calls).toEqual([
      { maxResults: 11, resumed: false },
      { nextToken: 'b', maxResults: 50, pageSizeOfToken: 11, resumed: false },
    ]);
  });

  test('after a cursor is the same as before for its page, then the page size', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(11), nextToken: 'b' },
      b: { rows: numberedRows(50, 11), nextToken: null },
    });
    const window = await walkWindow(fetchPage, first10);
    calls.length = 0;
    const after = window.rows[9]?.position;
    const next = await walkWindow(fetchPage, { ...first10, ...(after && { after }) });
    expect(serials(next.rows)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(calls).toEqual([
      { maxResults: 11, resumed: true },
      { nextToken: 'b', maxResults: 50, pageSizeOfToken: 11, resumed: true },
    ]);
  });

  test('is remembered as it was in the end', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(1), nextToken: 'b' },
      b: { rows: numberedRows(2, 1), nextToken: 'c', maxResults: 11 },
      c: { rows: numberedRows(50, 3) },
    });
    const { rows } = await walkWindow(fetchPage, first10);
    expect(calls[2]).toEqual({ nextToken: 'c', maxResults: 50, pageSizeOfToken: 11, resumed: false });
    expect(rows[1]?.position.page).toMatchObject({ token: 'b', maxResults: 11, pageSizeOfToken: 11 });
  });
});

describe('a window', () => {
  test('gives each row a position of page, index, id and neighbours', async () => {
    const [fetchPage] = scripted({ '': { rows: numberedRows(3) } });
    const { rows } = await walkWindow(fetchPage, { ...first10, first: 2 });
    const page = { token: null, maxResults: 3, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } };
    expect(rows.map(({ position }) => position)).toEqual([
      { page, row: { index: 0, id: 'row0', previous: null, next: shortHash('row1') } },
      { page, row: { index: 1, id: 'row1', previous: shortHash('row0'), next: shortHash('row2') } },
    ]);
  });

  test('says the order of its first page', async () => {
    const sort = { sortField: 'createdAt', sortOrder: 'ASC' } as const;
    const [fetchPage] = scripted({ '': { sort, nextToken: 'b' }, b: {} });
    expect((await walkWindow(fetchPage, first10)).sort).toEqual(sort);
    expect((await walkWindow(scripted({ '': {} })[0], first10)).sort).toBeNull();
  });

  test('keeps rows that HealthImaging repeats', async () => {
    const [fetchPage] = scripted({
      '': { rows: [...numberedRows(2), ...numberedRows(2)], nextToken: 'b' },
      b: { rows: numberedRows(2) },
    });
    expect(serials((await walkWindow(fetchPage, first10)).rows)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('ends at an empty next token', async () => {
    const [fetchPage, calls] = scripted({ '': { rows: numberedRows(1), nextToken: '' } });
    const window = await walkWindow(fetchPage, first10);
    expect([await window.hasNextPage(), calls.length]).toEqual([false, 1]);
  });

  test('fails with the error of a page', async () => {
    const [fetchPage] = scripted({ '': { nextToken: 'b' } });
    await expect(walkWindow(fetchPage, first10)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('fails at a repeated next token, unless the rows before it suffice', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(2), nextToken: 'b' },
      b: { rows: numberedRows(2, 2), nextToken: 'c' },
      c: { nextToken: 'b' },
    });
    await expect(walkWindow(fetchPage, first10)).rejects.toMatchObject({
      code: 'UPSTREAM_PROTOCOL_ERROR',
      retryable: false,
    });
    expect(calls).toHaveLength(3);
    const { rows } = await walkWindow(fetchPage, { ...first10, first: 4 });
    expect(serials(rows)).toEqual([0, 1, 2, 3]);
  });
});

describe('hasNextPage', () => {
  test('makes no call while the page has more rows, nor without a next token', async () => {
    const [more, moreCalls] = scripted({ '': { rows: numberedRows(11), nextToken: 'b' } });
    const [end, endCalls] = scripted({ '': { rows: numberedRows(10) } });
    expect(await (await walkWindow(more, first10)).hasNextPage()).toBe(true);
    expect(await (await walkWindow(end, first10)).hasNextPage()).toBe(false);
    expect([moreCalls.length, endCalls.length]).toEqual([1, 1]);
  });

  test('reads nothing before it is called, and then only once', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(10), nextToken: 'b' },
      b: { nextToken: 'c' },
      c: { rows: numberedRows(1, 10) },
    });
    const window = await walkWindow(fetchPage, first10);
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
    expect(await (await walkWindow(fetchPage, first10)).hasNextPage()).toBe(false);
  });

  test('fails at a repeated next token', async () => {
    const [fetchPage] = scripted({ '': { rows: numberedRows(10), nextToken: 'b' }, b: { nextToken: 'b' } });
    const window = await walkWindow(fetchPage, first10);
    await expect(window.hasNextPage()).rejects.toMatchObject({ code: 'UPSTREAM_PROTOCOL_ERROR' });
  });
});

describe('the limit of ten pages', () => {
  test('ends a window without rows after ten empty pages; the next window starts at the eleventh', async () => {
    const [fetchPage, calls] = endless(0);
    const window = await walkWindow(fetchPage, first10);
    expect([serials(window.rows), await window.hasNextPage(), calls.length]).toEqual([[], true, 10]);
    expect(window.endPosition).toMatchObject({ page: { token: '10', maxResults: 50 }, row: null });

    const after = window.endPosition;
    const next = await walkWindow(fetchPage, { ...first10, ...(after && { after }) });
    expect(calls[10]).toEqual({ nextToken: '10', maxResults: 50, pageSizeOfToken: 50, resumed: true });
    expect(next.endPosition).toMatchObject({ page: { token: '20', loopCheck: { followed: 20 } }, row: null });
  });

  test('ends a window short where rows are scarce, and still looks one page ahead', async () => {
    const [fetchPage, calls] = endless(3);
    const window = await walkWindow(fetchPage, first10);
    expect([serials(window.rows), calls.length]).toEqual([[0, 1, 2], 10]);
    expect(window.endPosition).toMatchObject({ page: { token: '10' }, row: null });
    expect([await window.hasNextPage(), calls.length]).toEqual([true, 11]);
  });

  test('has the next window start after the last row when the last page read has it', async () => {
    const fetchPage: FetchPage<SampleRow> = ({ nextToken }) => {
      const page = Number(nextToken ?? 0);
      return Promise.resolve({ rows: numberedRows(1, page), nextToken: page < 10 ? String(page + 1) : null });
    };
    const window = await walkWindow(fetchPage, { first: 500, pageSize: 1, idOf });
    expect(serials(window.rows)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([window.endPosition, await window.hasNextPage()]).toEqual([null, true]);
    const after = window.rows.at(-1)?.position;
    const next = await walkWindow(fetchPage, { first: 500, pageSize: 1, idOf, ...(after && { after }) });
    expect([serials(next.rows), await next.hasNextPage()]).toEqual([[10], false]);
  });

  test('is shared by rows and looking ahead', async () => {
    const [fetchPage, calls] = endless(10);
    const window = await walkWindow(fetchPage, first10);
    expect([window.rows.length, calls.length]).toEqual([10, 1]);
    expect([await window.hasNextPage(), calls.length]).toEqual([true, 10]);
  });
});

describe('a window after a row that was removed', () => {
  const at = (index: number, id: string): Position => ({
    page: { token: null, maxResults: 50, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } },
    row: { index, id, previous: null, next: null },
  });

  test('looks for it in the next page only, then starts at its index', async () => {
    const [fetchPage, calls] = scripted({
      '': { rows: numberedRows(3), nextToken: 'b' },
      b: { rows: numberedRows(3, 3), nextToken: 'c' },
      c: { rows: [{ imageSetId: 'gone', serial: 6 }] },
    });
    const { rows } = await walkWindow(fetchPage, { ...first10, first: 5, after: at(1, 'gone') });
    expect(serials(rows)).toEqual([1, 2, 3, 4, 5]);
    expect(calls.map(({ nextToken }) => nextToken)).toEqual([undefined, 'b']);
  });

  test('starts after it in the next page', async () => {
    const [fetchPage] = scripted({
      '': { rows: numberedRows(3), nextToken: 'b' },
      b: { rows: numberedRows(3, 3) },
    });
    const { rows } = await walkWindow(fetchPage, { ...first10, after: at(2, 'row4') });
    expect(serials(rows)).toEqual([5]);
  });

  test('starts with the next page when its page has become shorter than its index', async () => {
    const [fetchPage] = scripted({
      '': { rows: numberedRows(1), nextToken: 'b' },
      b: { rows: numberedRows(2, 1) },
    });
    const { rows } = await walkWindow(fetchPage, { ...first10, after: at(7, 'gone') });
    expect(serials(rows)).toEqual([1, 2]);
  });
});
