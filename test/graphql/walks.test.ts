import { paginateSearchImageSets, type SearchCriteria } from '@aws-sdk/client-medical-imaging';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { startRecordingProxy, type RecordingProxy } from '../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

/** Some of the walks take hundreds of requests. */
jest.setTimeout(60_000);

const rowCount = 523;

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway | undefined;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(rowCount) });
  upstream = await startRecordingProxy(local.url);
});

afterEach(async () => {
  await gateway?.[Symbol.asyncDispose]();
  gateway = undefined;
});

afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

interface Page {
  readonly edges: readonly { readonly node: { readonly imageSetId: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const document = `query Walk($filter: ImageSetFilter, $sort: ImageSetSort, $first: Int, $after: String) {
  imageSets(filter: $filter, sort: $sort, first: $first, after: $after) {
    edges { node { imageSetId } }
    pageInfo { hasNextPage endCursor }
  }
}`;

async function page(variables: Readonly<Record<string, unknown>>): Promise<Page> {
  // A gateway of its own, whose cache holds no pages of other walks.
  gateway ??= await startTestGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId] });
  const { body } = await gateway.query(document, variables);
  expect(body.errors).toBeUndefined();
  return body.data?.['imageSets'] as Page;
}

async function walk(variables: Readonly<Record<string, unknown>>): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { edges, pageInfo }: Page = await page({ ...variables, after });
    ids.push(...edges.map(({ node }) => node.imageSetId));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

async function paginate(searchCriteria: SearchCriteria, pageSize: number): Promise<string[]> {
  const ids: string[] = [];
  const pages = paginateSearchImageSets(
    { client: local.client, pageSize },
    { datastoreId: local.datastoreId, searchCriteria },
  );
  for await (const { imageSetsMetadataSummaries = [] } of pages) {
    ids.push(...imageSetsMetadataSummaries.map(({ imageSetId }) => imageSetId ?? ''));
  }
  return ids;
}

const searches: readonly [string, Readonly<Record<string, unknown>>, SearchCriteria][] = [
  ['everything', {}, {}],
  [
    'EQUAL',
    { filter: { patientId: { equal: 'PATIENT-7' } } },
    { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'PATIENT-7' }] }] },
  ],
  [
    'BETWEEN and a sort',
    {
      filter: { createdAt: { between: { from: '2026-01-01T01:00:00Z', to: '2026-01-01T03:00:00Z' } } },
      sort: { field: 'CREATED_AT', order: 'ASC' },
    },
    {
      filters: [
        {
          operator: 'BETWEEN',
          values: [
            { createdAt: new Date('2026-01-01T01:00:00Z') },
            { createdAt: new Date('2026-01-01T03:00:00Z') },
          ],
        },
      ],
      sort: { sortField: 'createdAt', sortOrder: 'ASC' },
    },
  ],
];

describe('a walk gives the rows of the SDK paginator, in its order', () => {
  test.each(searches)('%s', async (_name, variables, criteria) => {
    const expected = await paginate(criteria, 50);
    expect(expected.length).toBeGreaterThan(20);
    for (const pageSize of [1, 7]) expect(await paginate(criteria, pageSize)).toEqual(expected);
    for (const first of [1, 7, 50, 100]) expect(await walk({ ...variables, first })).toEqual(expected);
  });
});

describe('a walk takes', () => {
  test.each([10, 25, 100])('all 523 rows by %i: at most 12 calls', async (first) => {
    upstream.take();
    const ids = await walk({ first });
    expect(new Set(ids).size).toBe(rowCount);
    expect(upstream.take().length).toBeLessThanOrEqual(12);
  });

  test('for one page of 25: one call, hasNextPage included', async () => {
    upstream.take();
    const { edges, pageInfo } = await page({ first: 25 });
    expect([edges.length, pageInfo.hasNextPage]).toEqual([25, true]);
    expect(upstream.take().map(({ query }) => query)).toEqual([{ maxResults: '26' }]);
  });

  test('for a page of 50: one call, and one more for hasNextPage only', async () => {
    upstream.take();
    expect((await page({ first: 50 })).pageInfo.hasNextPage).toBe(true);
    expect(upstream.take().map(({ query }) => query['maxResults'])).toEqual(['50', '50']);
  });

  test('for 500 rows at once: ten calls, and one for hasNextPage', async () => {
    upstream.take();
    const { edges, pageInfo } = await page({ first: 500 });
    expect([edges.length, pageInfo.hasNextPage]).toEqual([500, true]);
    expect(upstream.take()).toHaveLength(11);
  });

  test('for 40 equal searches at once: at most 2 calls', async () => {
    await page({ first: 1, filter: { isPrimary: { equal: false } } });
    upstream.take();
    const pages = await Promise.all(Array.from({ length: 40 }, () => page({ first: 10 })));
    expect(new Set(pages.map(({ edges }) => JSON.stringify(edges))).size).toBe(1);
    expect(upstream.take().length).toBeLessThanOrEqual(2);
  });
});

test('hasNextPage is false on the last row, even when the rows fill exactly one upstream page', async () => {
  const from = new Date(Date.UTC(2026, 0, 1)).toISOString();
  const to = new Date(Date.UTC(2026, 0, 1) + 49 * 60_000).toISOString();
  const filter = { createdAt: { between: { from, to } } };
  const all = await page({ filter, first: 50 });
  expect([all.edges.length, all.pageInfo.hasNextPage]).toEqual([50, false]);
  const more = await page({ filter, first: 100 });
  expect([more.edges.length, more.pageInfo.hasNextPage]).toEqual([50, false]);
  const most = await page({ filter, first: 49 });
  expect([most.edges.length, most.pageInfo.hasNextPage]).toEqual([49, true]);
});

test('replicas with the same keys take each other’s cursors, and others do not', async () => {
  const start = (cursorKeys: readonly Buffer[]) =>
    startTestGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId], cursorKeys });
  const [old, current] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  await using one = await start([old]);
  await using rotated = await start([current, old]);
  await using stranger = await start([Buffer.alloc(32, 3)]);
  const { body } = await one.query(document, { first: 2 });
  const after = (body.data?.['imageSets'] as Page).pageInfo.endCursor;
  const next = await rotated.query(document, { first: 1, after });
  expect(next.body.errors).toBeUndefined();
  const third = (next.body.data?.['imageSets'] as Page).edges[0]?.node.imageSetId;
  expect(third).toBe((await paginate({}, 50))[2]);
  const refused = await stranger.query(document, { first: 1, after });
  expect(refused.body.errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_CURSOR']);
  const other = await one.query(document, { first: 1, after, filter: { isPrimary: { equal: true } } });
  expect(other.body.errors?.map(({ extensions }) => extensions.code)).toEqual(['CURSOR_FILTER_MISMATCH']);
});

describe('a walk goes on whole where HealthImaging takes a next token for two calls only', () => {
  test.each<[string, Readonly<Record<string, unknown>>, SearchCriteria]>([
    ['by the bound of its search', {}, {}],
    [
      'by its next tokens',
      { filter: { isPrimary: { equal: true } } },
      { filters: [{ operator: 'EQUAL', values: [{ isPrimary: true }] }] },
    ],
  ])('%s', async (_how, variables, criteria) => {
    await using forgetful = await startRecordingProxy(local.url, { tokenLife: 2 });
    gateway = await startTestGateway({
      endpoint: forgetful.url,
      datastoreIds: [local.datastoreId],
      // Every window has to ask HealthImaging.
      environment: { PAGE_CACHE_BYTES: '0' },
    });
    const expected = (await paginate(criteria, 50)).slice(0, 400);
    expect((await walk({ ...variables, first: 40 })).slice(0, 400)).toEqual(expected);
  });
});
