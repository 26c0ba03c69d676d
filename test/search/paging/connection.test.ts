import { describe, expect, test } from '@jest/globals';

import { noTrials } from '../../../src/search/paging/boundTrials.ts';
import {
  imageSetConnection,
  windowConnection,
  type ConnectionArguments,
  type ImageSetSearch,
  type SearchPageFetch,
} from '../../../src/search/paging/connection.ts';
import { createCursorSealer, type CursorSealer } from '../../../src/search/cursor/cursor.ts';
import { toSearchCriteria } from '../../../src/search/filter/filter.ts';
import { fingerprintOf } from '../../../src/search/filter/fingerprint.ts';
import type { ImageSetRow } from '../../../src/search/imageSet.ts';
import { sampleBinding } from '../cursor/samplePosition.ts';

const sealer = createCursorSealer({ keys: [Buffer.alloc(32, 1)], now: () => 0 });
const datastoreId = sampleBinding.datastoreId;

function imageSets(count: number): ImageSetRow[] {
  return Array.from({ length: count }, (_, index) => ({
    datastoreId,
    imageSetId: String(index).padStart(32, '0'),
    version: 1,
    isPrimary: true,
    storageTier: null,
    createdAt: null,
    updatedAt: null,
    lastAccessedAt: null,
    dicomTags: null,
  }));
}

/** A search for everything over `count` image sets, whose tokens are offsets. */
function search(count: number, change: Partial<ConnectionArguments & ImageSetSearch> = {}) {
  const calls: SearchPageFetch[] = [];
  const all = imageSets(count);
  const fetchPage: ImageSetSearch['fetchPage'] = (request) => {
    calls.push(request);
    const end = Number(request.nextToken ?? 0) + request.maxResults;
    return Promise.resolve({
      rows: all.slice(end - request.maxResults, end),
      nextToken: end < count ? String(end) : null,
      sort: { sortField: 'DICOMStudyDateAndTime', sortOrder: 'ASC' },
    });
  };
  const { tenant, principal } = sampleBinding;
  const { first, after, ...source } = change;
  const binding = { datastoreId, tenant, principal };
  const defaults = { criteria: {}, binding, fetchPage, sealer, pageSize: 50, trials: noTrials };
  const list: ImageSetSearch = { ...defaults, ...source };
  return { all, calls, connection: imageSetConnection({ first, after }, list) };
}

describe('a connection of image sets', () => {
  test('holds 25 rows by default, each with its cursor, and says where they are in the list', async () => {
    const { all, connection } = search(60);
    const { edges, nodes, pageInfo, sort } = await connection;
    expect(nodes).toEqual(all.slice(0, 25));
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect(sort).toEqual({ field: 'STUDY_DATE_AND_TIME', order: 'ASC' });
    expect({
      ...pageInfo,
      hasNextPage: await pageInfo.hasNextPage(),
      startCursor: pageInfo.startCursor(),
      endCursor: pageInfo.endCursor(),
    }).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor(),
      endCursor: edges[24]?.cursor(),
    });
  });

  test('continues after the cursor of any edge', async () => {
    const { all, connection } = search(60);
    const after = (await connection).edges[7]?.cursor();
    const next = await search(60, { after, first: 3 }).connection;
    expect(next.nodes).toEqual(all.slice(8, 11));
    expect(next.pageInfo.hasPreviousPage).toBe(true);
  });

  test('seals a cursor and looks for a next page only when these are read', async () => {
    let sealed = 0;
    const counting: CursorSealer = {
      seal(...args) {
        sealed += 1;
        return sealer.seal(...args);
      },
      sealEach(...args) {
        sealed += 1;
        return sealer.sealEach(...args);
      },
      open: sealer.open,
    };
    const { calls, connection } = search(60, { first: 50, sealer: counting });
    const { edges, pageInfo } = await connection;
    expect([sealed, calls.length]).toEqual([0, 1]);
    // Those of all edges at once.
    for (const { cursor } of edges) cursor();
    await pageInfo.hasNextPage();
    expect([sealed, calls.length]).toEqual([1, 2]);
  });

  test('has neither cursors nor a next page when nothing is found', async () => {
    const { edges, nodes, pageInfo, sort } = await search(0).connection;
    expect([edges, nodes, pageInfo.startCursor(), pageInfo.endCursor()]).toEqual([[], [], null, null]);
    expect([await pageInfo.hasNextPage(), sort?.field]).toEqual([false, 'STUDY_DATE_AND_TIME']);
  });

  test('ends with a cursor of no row after ten empty pages', async () => {
    const fetchPage: ImageSetSearch['fetchPage'] = ({ nextToken }) => {
      const page = Number(nextToken ?? 0);
      return Promise.resolve({
        rows: page < 12 ? [] : imageSets(1),
        nextToken: page < 12 ? String(page + 1) : null,
      });
    };
    const { edges, pageInfo } = await search(0, { fetchPage }).connection;
    expect([edges, pageInfo.startCursor(), await pageInfo.hasNextPage()]).toEqual([[], null, true]);
    const after = pageInfo.endCursor();
    const next = await search(0, { fetchPage, after }).connection;
    expect([next.nodes, await next.pageInfo.hasNextPage()]).toEqual([imageSets(1), false]);
  });

  test.each([0, -1, 501, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as first', async (first) => {
    const { calls, connection } = search(60, { first });
    await expect(connection).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'first: expected a whole number from 1 to 500.',
    });
    expect(calls).toEqual([]);
  });

  test.each([1, 500])('takes %d as first', async (first) => {
    expect((await search(500, { first }).connection).nodes).toHaveLength(first);
  });

  test('refuses a cursor of another filter, empty text and text that is no cursor, before any call', async () => {
    const after = (await search(60).connection).pageInfo.endCursor();
    const criteria = toSearchCriteria({ isPrimary: { equal: true } }, null);
    const refused = [
      search(60, { after, criteria }),
      search(60, { after: '' }),
      search(60, { after: 'bm90IGEgY3Vyc29y' }),
    ];
    const codes = ['CURSOR_FILTER_MISMATCH', 'INVALID_CURSOR', 'INVALID_CURSOR'];
    for (const [index, { calls, connection }] of refused.entries()) {
      await expect(connection).rejects.toMatchObject({ code: codes[index] });
      expect(calls).toEqual([]);
    }
  });
});

describe('a connection of another list', () => {
  test('tells its rows apart by an id of their own, and takes only its own cursors', async () => {
    const versions = ['3', '2', '1'].map((versionId) => ({ versionId }));
    const list = {
      fingerprint: fingerprintOf('versions', 'some image set'),
      binding: { datastoreId, tenant: '', principal: '' },
      fetchPage: () => Promise.resolve({ rows: versions, nextToken: null }),
      order: {
        idOf: ({ versionId }: { versionId: string }) => versionId,
        valueOf: () => null,
        boundAt: () => null,
      },
      trials: noTrials,
      sealer,
      pageSize: 50,
    };
    const after = (await windowConnection({ first: 1 }, list)).pageInfo.endCursor();
    expect((await windowConnection({ after }, list)).nodes).toEqual(versions.slice(1));
    const other = windowConnection({ after }, { ...list, fingerprint: fingerprintOf('versions', 'another') });
    await expect(other).rejects.toMatchObject({ code: 'CURSOR_FILTER_MISMATCH' });
  });
});
