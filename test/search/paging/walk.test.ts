import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import { createCursorSealer } from '../../../src/search/cursor/cursor.ts';
import type { SearchCriteria, SearchSort } from '../../../src/search/filter/criteria.ts';
import { createBoundTrials } from '../../../src/search/paging/boundTrials.ts';

import {
  imageSetConnection,
  type ImageSetConnection,
  type SearchPageFetch,
} from '../../../src/search/paging/connection.ts';
import { sampleBinding } from '../cursor/samplePosition.ts';
import {
  changingUpstream,
  type ChangingUpstream,
  type StoredRow,
  type UpstreamTraits,
} from './changingUpstream.ts';

const newestFirst: SearchSort = { sortField: 'updatedAt', sortOrder: 'DESC' };
const byText = { operator: 'EQUAL', values: [{ DICOMPatientId: 'PAT-1' }] } as const;
const byPrimary = { operator: 'EQUAL', values: [{ isPrimary: true }] } as const;
const everything: SearchCriteria = {};
const unboundable: SearchCriteria = { filters: [byPrimary] };

const plain: UpstreamTraits = {
  token: 'offset',
  tokenLife: 0,
  exclusive: false,
  wholeSeconds: false,
  refusesBounds: false,
};

const start = Date.UTC(2026, 10, 24);

/** `count` rows, the newest last, some milliseconds apart. */
function rowsApart(count: number, milliseconds = 1_000): StoredRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `row${index}`,
    micros: (start + index * milliseconds) * 1_000,
    tie: index,
  }));
}

interface Gateway {
  readonly upstream: ChangingUpstream;
  readonly open: (first: number, after?: string | null) => Promise<ImageSetConnection>;
  /** What HealthImaging was asked for since the last time. */
  readonly calls: () => {
    readonly bound?: string;
    readonly nextToken?: string;
    readonly maxResults: number;
  }[];
}

function gateway(
  rows: readonly StoredRow[],
  { criteria = everything, ...traits }: Partial<UpstreamTraits> & { readonly criteria?: SearchCriteria } = {},
): Gateway {
  const upstream = changingUpstream(rows, criteria.sort ?? newestFirst, { ...plain, ...traits });
  const sealer = createCursorSealer({ keys: [Buffer.alloc(32, 1)], now: () => 0 });
  const trials = createBoundTrials();
  return {
    upstream,
    open: (first, after = null) =>
      imageSetConnection(
        { first, after },
        { ...upstream, criteria, trials: trials(criteria), binding: sampleBinding, sealer, pageSize: 50 },
      ),
    calls: () =>
      upstream.calls.splice(0).map(({ bound, nextToken, maxResults }) => ({
        ...(bound !== undefined && { bound }),
        ...(nextToken !== undefined && { nextToken }),
        maxResults,
      })),
  };
}

const codeOf = (error: unknown) => (error instanceof GatewayError ? error.code : error);
const idsOf = ({ nodes }: ImageSetConnection) => nodes.map(({ imageSetId }) => imageSetId);

async function walk({ open }: Gateway, first: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page: ImageSetConnection = await open(first, after);
    ids.push(...idsOf(page));
    if (!(await page.pageInfo.hasNextPage())) return ids;
    after = page.pageInfo.endCursor();
  }
}

describe('the cursor of a row that has not changed is the same text', () => {
  const cursorsOf = (page: ImageSetConnection) =>
    new Map(page.edges.map(({ node, cursor }) => [node.imageSetId, cursor()]));

  test('with any `first`, after any row, beside new rows, from another gateway, and with other tokens', async () => {
    const rows = rowsApart(100);
    const one = gateway(rows);
    const before = cursorsOf(await one.open(75));
    const expected = (cursors: ReadonlyMap<string, string>) =>
      new Map([...cursors.keys()].map((id) => [id, before.get(id) ?? cursors.get(id)]));
    for (const first of [10, 25, 75]) {
      const cursors = cursorsOf(await one.open(first));
      expect(cursors).toEqual(expected(cursors));
    }
    const after = before.get('row95');
    const behind = cursorsOf(await one.open(30, after));
    expect([behind.size, behind]).toEqual([30, expected(behind)]);
    one.upstream.rows.push({ id: 'new', micros: (start + 1_000_000) * 1_000, tie: 0 });
    one.upstream.sortRows();
    for (const other of [one, gateway(one.upstream.rows, { token: 'key', tokenLife: 3 })]) {
      const cursors = cursorsOf(await other.open(75));
      expect([cursors.has('new'), cursors]).toEqual([true, expected(cursors)]);
    }
  });
});

describe('a walk whose pages are kept', () => {
  test('takes at most one call for 49 rows, and two more, with any `first`', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 700 }),
        fc.oneof(fc.constantFrom(10, 25, 50, 100), fc.integer({ min: 1, max: 500 })),
        fc.constantFrom<SearchCriteria>(everything, { filters: [byText] }),
        async (count, first, criteria) => {
          const walked = gateway(rowsApart(count), { criteria });
          expect(new Set(await walk(walked, first)).size).toBe(count);
          expect(walked.calls().length).toBeLessThanOrEqual(Math.ceil(count / 49) + 2);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('waits for two of them where its windows read ahead, and takes no more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 700 }), fc.integer({ min: 1, max: 49 }), async (count, first) => {
        const walked = gateway(rowsApart(count), { criteria: { filters: [byText] } });
        const { calls } = walked.upstream;
        const ids = new Set<string>();
        let [waitedFor, all] = [0, 0];
        for (let after: string | null = null, hasNext = true; hasNext;) {
          const page: ImageSetConnection = await walked.open(first, after);
          for (const id of idsOf(page)) ids.add(id);
          waitedFor += calls.length;
          if (after !== null) await page.readAhead();
          hasNext = await page.pageInfo.hasNextPage();
          after = page.pageInfo.endCursor();
          all += calls.splice(0).length;
        }
        expect(ids.size).toBe(count);
        expect(waitedFor).toBeLessThanOrEqual(2);
        expect(all).toBeLessThanOrEqual(Math.ceil(count / 49) + 2);
      }),
      { numRuns: 300 },
    );
  });

  test('reads ahead once, and whatever goes wrong then is for the next window to find out', async () => {
    const walked = gateway(rowsApart(200));
    const { fetchPage } = walked.upstream;
    const upstream = { fails: false };
    Object.assign(walked.upstream, {
      fetchPage: (request: SearchPageFetch) =>
        upstream.fails ? Promise.reject(new GatewayError('UPSTREAM_UNAVAILABLE')) : fetchPage(request),
    });
    const page = await walked.open(10, (await walked.open(10)).pageInfo.endCursor());
    walked.calls();
    await Promise.all([page.readAhead(), page.readAhead()]);
    await page.readAhead();
    expect(walked.calls()).toHaveLength(1);
    const next = await walked.open(49, page.pageInfo.endCursor());
    upstream.fails = true;
    await next.readAhead();
    upstream.fails = false;
    expect(idsOf(await walked.open(49, next.pageInfo.endCursor()))).toHaveLength(49);
  });

  test('begins what it looks ahead for with the last row, so that the next window needs no call', async () => {
    const walked = gateway(rowsApart(200));
    const page = await walked.open(50);
    expect([await page.pageInfo.hasNextPage(), walked.calls()]).toEqual([
      true,
      [
        { maxResults: 50 },
        // Of the row at 150 s, and a millisecond later.
        { bound: 'updatedAt DESC 2026-11-24T00:02:30.001Z', maxResults: 50 },
      ],
    ]);
    const next = await walked.open(49, page.pageInfo.endCursor());
    expect([idsOf(next)[0], idsOf(next).length, walked.calls()]).toEqual(['row149', 49, []]);
  });
});

describe('after a row that was deleted with its neighbours', () => {
  test.each([
    ['by the bound of its search', everything],
    ['by its next tokens', unboundable],
  ])('a walk goes on with the first row behind them: %s', async (_how, criteria) => {
    const walked = gateway(rowsApart(200), { criteria });
    const page = await walked.open(60);
    const { rows } = walked.upstream;
    // Rows 180 to 141 of 199 to 0; the client has seen those down to 140.
    rows.splice(19, 40);
    walked.upstream.forgetPages();
    expect(idsOf(await walked.open(3, page.pageInfo.endCursor()))).toEqual(['row139', 'row138', 'row137']);
    rows.splice(
      rows.findIndex(({ id }) => id === 'row140'),
      5,
    );
    walked.upstream.forgetPages();
    expect(idsOf(await walked.open(3, page.pageInfo.endCursor()))).toEqual(['row135', 'row134', 'row133']);
  });
});

describe('a next token that HealthImaging does not take', () => {
  test.each([
    ['by the bound of its search', everything],
    ['by its next tokens', unboundable],
  ])('does not end a walk: %s', async (_how, criteria) => {
    const walked = gateway(rowsApart(300), { criteria, tokenLife: 1 });
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      walked.upstream.forgetPages();
      const page: ImageSetConnection = await walked.open(30, after);
      seen.push(...idsOf(page));
      if (!(await page.pageInfo.hasNextPage())) break;
      after = page.pageInfo.endCursor();
    }
    expect(seen).toEqual(walked.upstream.rows.map(({ id }) => id));
  });

  test('ends it beyond ten pages that would have to be passed over', async () => {
    const walked = gateway(rowsApart(700), { criteria: unboundable, tokenLife: 1 });
    const codes: unknown[] = [];
    for (const first of [440, 500]) {
      const far = await walked.open(first);
      const rest = await walked.open(50, far.pageInfo.endCursor());
      walked.upstream.forgetPages();
      // A call of somebody else, after which the token of the cursor is refused.
      await walked.open(1);
      const resumed = walked.open(10, rest.pageInfo.endCursor());
      codes.push(await resumed.then(idsOf, codeOf));
    }
    expect(codes).toEqual([walked.upstream.rows.slice(490, 500).map(({ id }) => id), 'CURSOR_EXPIRED']);
  });
});

describe('a search that HealthImaging refuses to be bounded', () => {
  test('is walked by its next tokens from then on, and its refusal is met once', async () => {
    const walked = gateway(rowsApart(300), { refusesBounds: true });
    expect(await walk(walked, 40)).toEqual(walked.upstream.rows.map(({ id }) => id));
    expect(walked.calls().filter(({ bound }) => bound !== undefined)).toHaveLength(1);
  });
});

describe('a search that HealthImaging refuses altogether for a time', () => {
  test('ends with the code of a cursor, and is bounded again afterwards', async () => {
    const walked = gateway(rowsApart(300));
    const page = await walked.open(40);
    walked.upstream.forgetPages();
    walked.upstream.isRefusing = true;
    const after = page.pageInfo.endCursor();
    expect(await walked.open(40, after).then(idsOf, codeOf)).toBe('CURSOR_EXPIRED');
    walked.upstream.isRefusing = false;
    walked.calls();
    expect((await walked.open(1, after).then(idsOf))[0]).toBe('row259');
    expect(walked.calls().map(({ bound }) => bound !== undefined)).toEqual([true]);
  });
});

describe('BETWEEN that compares whole seconds', () => {
  test('is found out once, and searches are bounded a second outside from then on', async () => {
    const walked = gateway(rowsApart(300, 300), { exclusive: true, wholeSeconds: true });
    expect(await walk(walked, 40)).toEqual(walked.upstream.rows.map(({ id }) => id));
    const bounds = walked.calls().flatMap(({ bound }) => bound ?? []);
    expect(bounds.filter((bound) => !bound.endsWith('.000Z'))).toHaveLength(1);
    expect(bounds.length).toBeGreaterThan(5);
  });
});
