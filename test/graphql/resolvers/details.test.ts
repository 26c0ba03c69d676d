import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { encodeGlobalId } from '../../../src/graphql/resolvers/globalId.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import type { RecordingProxy, UpstreamCall } from '../../support/upstream/recordingProxy.ts';
import { startRecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, syntheticInstance, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const foreignStore = 'f'.repeat(32);
const absent = 'a'.repeat(32);
const uids = { study: '2.25.1', series: '2.25.1.1' };
const tags = {
  DICOMPatientId: 'PATIENT-V',
  DICOMPatientName: 'Sample^Vera',
  DICOMSeriesModality: 'MR',
  DICOMStudyDate: '20261101',
};

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;
/** The image set whose GetImageSet fails upstream, each time. */
let broken: string | undefined;
/** The image set that was imported three times, each time with one instance more. */
let versioned: string;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(60) });
  for (const version of [1, 2, 3]) {
    const instance = syntheticInstance({ ...uids, instance: `${uids.series}.${version}` }, { tags });
    takeInstances(local.store, startImportRun(), [instance], Date.UTC(2026, 10, version));
  }
  upstream = await startRecordingProxy(local.url, {
    faultOf: ({ path }) =>
      broken !== undefined && path.endsWith(`/${broken}/getImageSet`) ? 500 : undefined,
  });
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { PAGE_CACHE_BYTES: '0', LIMIT_COST: '100000' },
  });
  const { body } = await gateway.query(
    '{ imageSets(filter: { patientId: { equal: "PATIENT-V" } }) { nodes { imageSetId } } }',
  );
  versioned = (body.data as unknown as Rows).imageSets.nodes[0]?.imageSetId ?? '';
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});
beforeEach(() => {
  broken = undefined;
  upstream.take();
});

interface Rows {
  readonly imageSets: {
    readonly nodes: readonly {
      readonly imageSetId: string;
      readonly properties?: { readonly state: string } | null;
    }[];
  };
}

/** How many calls there were of each operation. */
function operationsOf(calls: readonly UpstreamCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { path } of calls) {
    const name = path.split('/').at(-1) ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const dataOf = async (document: string, variables?: Readonly<Record<string, unknown>>) => {
  const { body } = await gateway.query(document, variables);
  expect(body.errors).toBeUndefined();
  return body.data;
};

describe('details of a page of search results', () => {
  test('take one search, and one GetImageSet for each image set', async () => {
    const data = await dataOf('{ imageSets(first: 50) { nodes { imageSetId properties { state } } } }');
    const { nodes } = (data as unknown as Rows).imageSets;
    expect(nodes.map(({ properties }) => properties)).toEqual(nodes.map(() => ({ state: 'ACTIVE' })));
    const calls = upstream.take();
    expect(operationsOf(calls)).toEqual({ searchImageSets: 1, getImageSet: 50 });
    const asked = calls.slice(1).map(({ path }) => path.split('/').at(-2));
    expect([...asked].sort()).toEqual(nodes.map(({ imageSetId }) => imageSetId).sort());
  });

  test('that cannot be read are one error with its path, and leave the others', async () => {
    const before = await dataOf('{ imageSets(first: 50) { nodes { imageSetId } } }');
    broken = (before as unknown as Rows).imageSets.nodes[7]?.imageSetId;
    const { status, body } = await gateway.query(
      '{ imageSets(first: 50) { nodes { imageSetId properties { state } } } }',
    );
    const { nodes } = (body.data as unknown as Rows).imageSets;
    expect(status).toBe(200);
    expect(nodes.map(({ properties }) => properties?.state ?? null)).toEqual(
      nodes.map((_, index) => (index === 7 ? null : 'ACTIVE')),
    );
    expect(body.errors).toEqual([
      {
        message: 'HealthImaging is unavailable. Try again.',
        path: ['imageSets', 'nodes', 7, 'properties'],
        locations: [{ line: 1, column: 45 }],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, requestId: expect.any(String) },
      },
    ]);
  });

  test('are read at the rate of GetImageSet: a call whose turn would come too late fails with the time to wait', async () => {
    await using paced = await startTestGateway({
      endpoint: upstream.url,
      datastoreIds: [local.datastoreId],
      environment: { HEALTHIMAGING_GET_IMAGE_SET_RATE: '0.01', HEALTHIMAGING_GET_IMAGE_SET_BURST: '10' },
    });
    const { body } = await paced.query(
      '{ imageSets(first: 50) { nodes { imageSetId properties { state } } } }',
    );
    const { nodes } = (body.data as unknown as Rows).imageSets;
    expect(operationsOf(upstream.take())).toEqual({ searchImageSets: 1, getImageSet: 10 });
    expect(nodes.filter(({ properties }) => properties?.state === 'ACTIVE')).toHaveLength(10);
    expect(body.errors?.map(({ extensions: { code, retryAfterMs } }) => [code, typeof retryAfterMs])).toEqual(
      Array.from({ length: 40 }, () => ['UPSTREAM_THROTTLED', 'number']),
    );
  });

  test('are read once, however many paths lead to the image set', async () => {
    const id = encodeGlobalId({ type: 'ImageSet', datastoreId: local.datastoreId, imageSetId: versioned });
    const data = await dataOf(
      `query ($id: ID!, $imageSetId: ID!) {
        node(id: $id) { ... on ImageSet { properties { versionId } } }
        nodes(ids: [$id, $id]) { ... on ImageSet { properties { state } storageTier } }
        imageSet(imageSetId: $imageSetId) { metadata dicomTags { patientId } patient { id } }
        again: imageSet(imageSetId: $imageSetId) { metadata study { instanceUid } series { instanceUid } }
        imageSets(filter: { patientId: { equal: "PATIENT-V" } }) {
          nodes { properties { arn } metadata patient { imageSets { nodes { properties { state } } } } }
        }
      }`,
      { id, imageSetId: versioned },
    );
    expect(data).toMatchObject({
      node: { properties: { versionId: '3' } },
      nodes: [{ storageTier: 'FREQUENT_ACCESS' }, { storageTier: 'FREQUENT_ACCESS' }],
      imageSet: { dicomTags: { patientId: 'PATIENT-V' }, patient: { id: 'PATIENT-V' } },
      again: { study: { instanceUid: uids.study }, series: { instanceUid: uids.series } },
    });
    expect(operationsOf(upstream.take())).toMatchObject({ getImageSet: 1, getImageSetMetadata: 1 });
  });

  test('are not read when the search has all that is selected', async () => {
    await dataOf(
      `{ imageSets(first: 50) { nodes {
        id imageSetId version isPrimary storageTier createdAt updatedAt lastAccessedAt
        dicomTags { patientId studyInstanceUid } patient { id } study { instanceUid } series { instanceUid }
        datastore { id datastoreId }
      } } }`,
    );
    expect(operationsOf(upstream.take())).toEqual({ searchImageSets: 1 });
  });
});

describe('an image set by its identifier', () => {
  const document = `query ($datastoreId: ID, $imageSetId: ID!, $version: Int) {
    imageSet(datastoreId: $datastoreId, imageSetId: $imageSetId, version: $version) {
      imageSetId version properties { versionId } metadata dicomTags { patientName seriesModality studyDate }
    }
  }`;

  test('is the newest version, its tags read from its metadata document', async () => {
    expect(await dataOf(document, { imageSetId: versioned })).toEqual({
      imageSet: {
        imageSetId: versioned,
        version: 3,
        properties: { versionId: '3' },
        metadata: expect.objectContaining({ ImageSetID: versioned }),
        dicomTags: { patientName: null, seriesModality: null, studyDate: null },
      },
    });
    expect(operationsOf(upstream.take())).toEqual({ getImageSet: 1, getImageSetMetadata: 1 });
  });

  test('at an earlier version has the properties and the metadata of that version', async () => {
    const data = await dataOf(document, { imageSetId: versioned, version: 2 });
    expect(data).toMatchObject({ imageSet: { version: 2, properties: { versionId: '2' } } });
    expect(upstream.take().map(({ path, query, body }) => [path.split('/').at(-1), query, body])).toEqual([
      ['getImageSet', { version: '2' }, undefined],
      ['getImageSetMetadata', { version: '2' }, undefined],
    ]);
  });

  test.each([
    ['that is not there', { imageSetId: absent }, 1],
    ['of a version that is not there', { version: 99 }, 1],
    ['of a form that no identifier has', { imageSetId: '../../datastore' }, 0],
    ['in a data store that is not allowed', { datastoreId: foreignStore }, 0],
  ])('%s is null, without an error', async (_title, variables, calls) => {
    expect(await dataOf(document, { imageSetId: versioned, ...variables })).toEqual({ imageSet: null });
    expect(upstream.take()).toHaveLength(calls);
  });

  test.each([0, -1])('refuses version %d before asking', async (version) => {
    const { body } = await gateway.query(document, { imageSetId: versioned, version });
    expect(body).toMatchObject({
      data: { imageSet: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(upstream.take()).toEqual([]);
  });
});

describe('versions of an image set', () => {
  interface Versions {
    readonly imageSet: {
      readonly versions: {
        readonly edges: readonly { readonly cursor: string; readonly node: { readonly versionId: string } }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      };
    };
  }
  const document = `query ($imageSetId: ID!, $first: Int, $after: String) {
    imageSet(imageSetId: $imageSetId) {
      versions(first: $first, after: $after) {
        edges { cursor node { versionId state workflowStatus } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;

  test('come newest first, one a page, each once', async () => {
    const walked: string[] = [];
    let after: string | null = null;
    let hasNextPage = true;
    while (hasNextPage) {
      const data = await dataOf(document, { imageSetId: versioned, first: 1, after });
      const { edges, pageInfo } = (data as unknown as Versions).imageSet.versions;
      walked.push(...edges.map(({ node }) => node.versionId));
      ({ hasNextPage, endCursor: after } = pageInfo);
    }
    expect(walked).toEqual(['3', '2', '1']);
  });

  test('are listed once, although two paths lead to the image set', async () => {
    const data = await dataOf(
      `query ($imageSetId: ID!) {
        imageSet(imageSetId: $imageSetId) { versions { nodes { versionId } } }
        imageSets(filter: { patientId: { equal: "PATIENT-V" } }) { nodes { versions { nodes { message } } } }
      }`,
      { imageSetId: versioned },
    );
    expect(data).toMatchObject({
      imageSet: { versions: { nodes: [{ versionId: '3' }, { versionId: '2' }, { versionId: '1' }] } },
    });
    expect(operationsOf(upstream.take())).toMatchObject({ listImageSetVersions: 1 });
  });

  test('refuse the cursor of a search, the cursor of another image set, and text that is no cursor', async () => {
    const { imageSet } = (await dataOf(document, { imageSetId: versioned, first: 1 })) as unknown as Versions;
    const rows = await dataOf('{ imageSets(first: 2) { nodes { imageSetId } pageInfo { endCursor } } }');
    const { nodes, pageInfo } = (rows as unknown as Rows & { imageSets: { pageInfo: { endCursor: string } } })
      .imageSets;
    const cases = [
      { imageSetId: versioned, after: pageInfo.endCursor },
      { imageSetId: nodes[1]?.imageSetId, after: imageSet.versions.pageInfo.endCursor },
      { imageSetId: versioned, after: 'x' },
    ];
    const answers = await Promise.all(cases.map((variables) => gateway.query(document, variables)));
    expect(answers.map(({ body }) => body.errors?.map(({ extensions }) => extensions.code))).toEqual([
      ['CURSOR_FILTER_MISMATCH'],
      ['CURSOR_FILTER_MISMATCH'],
      ['INVALID_CURSOR'],
    ]);
  });
});

describe('data stores', () => {
  test('are read once, however many paths lead to them', async () => {
    const data = await dataOf(
      `query ($id: ID!) {
        datastore { datastoreId name status }
        datastores { nodes { status arn } }
        node(id: $id) { ... on Datastore { createdAt } }
        imageSets(first: 50) { nodes { datastore { name } } }
      }`,
      { id: encodeGlobalId({ type: 'Datastore', datastoreId: local.datastoreId }) },
    );
    expect(data).toMatchObject({ datastore: { datastoreId: local.datastoreId, status: 'ACTIVE' } });
    expect(upstream.take().filter(({ path }) => path === `/datastore/${local.datastoreId}`)).toHaveLength(1);
  });

  test('that are not allowed are null, and HealthImaging is not asked for them', async () => {
    const id = encodeGlobalId({ type: 'Datastore', datastoreId: foreignStore });
    const document = `query ($id: ID!, $datastoreId: ID) { datastore(datastoreId: $datastoreId) { name } node(id: $id) { id } }`;
    expect(await dataOf(document, { id, datastoreId: foreignStore })).toEqual({
      datastore: null,
      node: null,
    });
    expect(upstream.take()).toEqual([]);
  });
});

describe('global identifiers', () => {
  test('lead back to the object that gave them', async () => {
    const found = (await dataOf(
      '{ datastore { id } imageSets(first: 3) { nodes { id imageSetId } } }',
    )) as unknown as {
      datastore: { id: string };
      imageSets: { nodes: { id: string; imageSetId: string }[] };
    };
    const rows = found.imageSets.nodes;
    const data = await dataOf(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on ImageSet { imageSetId } } }',
      { ids: [found.datastore.id, ...rows.map(({ id }) => id)] },
    );
    expect(data).toEqual({
      nodes: [
        { __typename: 'Datastore', id: found.datastore.id },
        ...rows.map((row) => ({ __typename: 'ImageSet', ...row })),
      ],
    });
  });

  test('that name nothing are null in their places, and take no call when they have no valid form', async () => {
    const ids = [
      '',
      'not-an-id',
      Buffer.from('Patient:1').toString('base64url'),
      encodeGlobalId({ type: 'ImageSet', datastoreId: foreignStore, imageSetId: versioned }),
      encodeGlobalId({ type: 'Datastore', datastoreId: foreignStore }),
    ];
    const data = await dataOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data).toEqual({ nodes: ids.map(() => null) });
    expect(upstream.take()).toEqual([]);
  });

  test('more than a hundred at once are refused', async () => {
    const { body } = await gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => absent),
    });
    expect(body).toMatchObject({
      errors: [{ message: 'ids: expected at most 100 identifiers.', extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(upstream.take()).toEqual([]);
  });
});
