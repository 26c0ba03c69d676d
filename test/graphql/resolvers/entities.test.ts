import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { encodeGlobalId } from '../../../src/graphql/resolvers/globalId.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const foreignStore = 'f'.repeat(32);
const absent = 'a'.repeat(32);

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;
let datastoreId: string;
let imageSetId: string;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(40) });
  ({ datastoreId } = local);
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [datastoreId],
    environment: { PAGE_CACHE_BYTES: '0', LIMIT_COST: '100000' },
  });
  const { body } = await gateway.query('{ imageSets(first: 1) { nodes { imageSetId } } }');
  const { imageSets } = body.data as unknown as { imageSets: { nodes: { imageSetId: string }[] } };
  imageSetId = imageSets.nodes[0]?.imageSetId ?? '';
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});
beforeEach(() => {
  upstream.take();
});

const document = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on ImageSet { imageSetId version }
    ... on Datastore { datastoreId }
    ... on Patient { id imageSets(first: 10) { nodes { dicomTags { patientId } } } }
    ... on ImagingStudy { instanceUid imageSets { nodes { dicomTags { studyInstanceUid } } } }
    ... on ImagingSeries { instanceUid imageSets { nodes { dicomTags { seriesInstanceUid } } } }
  }
}`;

async function entities(...representations: readonly unknown[]): Promise<GraphqlResult> {
  return (await gateway.query(document, { representations })).body;
}

/** The path, message and code of each error. */
const refusals = ({ errors = [] }: GraphqlResult) =>
  errors.map(({ path, message, extensions }) => ({ path, message, code: extensions.code }));

describe('_entities', () => {
  test('resolves every entity by each of its keys, in their order', async () => {
    const id = encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId });
    const result = await entities(
      { __typename: 'ImageSet', id },
      { __typename: 'ImageSet', datastoreId, imageSetId },
      { __typename: 'Datastore', id: encodeGlobalId({ type: 'Datastore', datastoreId }) },
      { __typename: 'Datastore', datastoreId },
      { __typename: 'Patient', id: 'PATIENT-3' },
      { __typename: 'ImagingStudy', instanceUid: '1.2.3.3' },
      { __typename: 'ImagingSeries', instanceUid: '1.2.3.3.3' },
    );
    expect(result).toEqual({
      data: {
        _entities: [
          { __typename: 'ImageSet', imageSetId, version: 1 },
          { __typename: 'ImageSet', imageSetId, version: 1 },
          { __typename: 'Datastore', datastoreId },
          { __typename: 'Datastore', datastoreId },
          {
            __typename: 'Patient',
            id: 'PATIENT-3',
            imageSets: {
              nodes: [{ dicomTags: { patientId: 'PATIENT-3' } }, { dicomTags: { patientId: 'PATIENT-3' } }],
            },
          },
          {
            __typename: 'ImagingStudy',
            instanceUid: '1.2.3.3',
            imageSets: { nodes: [{ dicomTags: { studyInstanceUid: '1.2.3.3' } }] },
          },
          {
            __typename: 'ImagingSeries',
            instanceUid: '1.2.3.3.3',
            imageSets: { nodes: [{ dicomTags: { seriesInstanceUid: '1.2.3.3.3' } }] },
          },
        ],
      },
    });
    const counts = Map.groupBy(upstream.take(), ({ path }) => path.split('/').at(-1));
    expect(Object.fromEntries([...counts].map(([name, calls]) => [name, calls.length]))).toEqual({
      getImageSet: 1,
      [datastoreId]: 1,
      searchImageSets: 3,
    });
  });

  test('are null where the identifier names nothing, or nothing that is allowed; HealthImaging is asked for neither', async () => {
    const result = await entities(
      { __typename: 'ImageSet', datastoreId: foreignStore, imageSetId },
      {
        __typename: 'ImageSet',
        id: encodeGlobalId({ type: 'ImageSet', datastoreId: foreignStore, imageSetId }),
      },
      { __typename: 'ImageSet', id: encodeGlobalId({ type: 'Datastore', datastoreId }) },
      { __typename: 'ImageSet', id: '../datastore' },
      { __typename: 'ImageSet', datastoreId, imageSetId: '../../datastore' },
      { __typename: 'Datastore', datastoreId: foreignStore },
      { __typename: 'Datastore', id: encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId }) },
    );
    expect(result).toEqual({ data: { _entities: [null, null, null, null, null, null, null] } });
    expect(upstream.take()).toEqual([]);
  });

  test('that HealthImaging does not have are null, and leave the others', async () => {
    const result = await entities(
      { __typename: 'ImageSet', datastoreId, imageSetId: absent },
      { __typename: 'ImageSet', datastoreId, imageSetId },
    );
    expect(result).toEqual({
      data: { _entities: [null, { __typename: 'ImageSet', imageSetId, version: 1 }] },
    });
  });

  test('are resolved by the key that is whole, where another is null or in part', async () => {
    const id = encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId });
    const storeId = encodeGlobalId({ type: 'Datastore', datastoreId });
    const found = { __typename: 'ImageSet', imageSetId, version: 1 };
    const result = await entities(
      { __typename: 'ImageSet', id: null, datastoreId, imageSetId },
      { __typename: 'ImageSet', id, datastoreId: null, imageSetId: null },
      { __typename: 'ImageSet', id, datastoreId },
      { __typename: 'ImageSet', id, imageSetId },
      { __typename: 'ImageSet', id, datastoreId, imageSetId },
      { __typename: 'Datastore', id: null, datastoreId },
      { __typename: 'Datastore', id: storeId, datastoreId: null },
      { __typename: 'Datastore', id: storeId, datastoreId },
    );
    const store = { __typename: 'Datastore', datastoreId };
    expect(result).toEqual({ data: { _entities: [found, found, found, found, found, store, store, store] } });
  });

  test('whose keys name different objects are refused in their own place, and leave the others', async () => {
    const id = encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId });
    const storeId = encodeGlobalId({ type: 'Datastore', datastoreId });
    const result = await entities(
      { __typename: 'ImageSet', id, datastoreId, imageSetId: absent },
      { __typename: 'ImageSet', id: storeId, datastoreId, imageSetId },
      { __typename: 'ImageSet', id: 'none', datastoreId, imageSetId },
      { __typename: 'ImageSet', datastoreId, imageSetId },
      { __typename: 'Datastore', id: storeId, datastoreId: foreignStore },
      { __typename: 'Datastore', id, datastoreId },
      { __typename: 'ImageSet', id, imageSetId: absent },
      { __typename: 'ImageSet', id, datastoreId: foreignStore },
    );
    expect(result.data).toEqual({
      _entities: [
        null,
        null,
        null,
        { __typename: 'ImageSet', imageSetId, version: 1 },
        null,
        null,
        null,
        null,
      ],
    });
    expect(refusals(result)).toEqual(
      [0, 1, 2, 4, 5, 6, 7].map((index) => ({
        path: ['_entities', index],
        message: 'representations: expected keys that name one object.',
        code: 'BAD_USER_INPUT',
      })),
    );
  });

  test('that are malformed are each refused in their own place, and leave the others', async () => {
    const types = 'Datastore, ImageSet, ImagingSeries, ImagingStudy, Patient';
    const noObject = `an object whose __typename is one of ${types}`;
    const noEntity = `a __typename that is one of ${types}`;
    const imageSetKey = 'the text of id, or of datastoreId and imageSetId';
    const cases: readonly (readonly [representation: unknown, expected: string])[] = [
      ['text', noObject],
      [7, noObject],
      [[], noObject],
      [{}, noObject],
      [{ __typename: 7, id: 'x' }, noObject],
      [{ __typename: 'Query' }, noEntity],
      [{ __typename: 'PageInfo' }, noEntity],
      [{ __typename: 'Node', id: 'x' }, noEntity],
      [{ __typename: 'constructor', id: 'x' }, noEntity],
      [{ __typename: '__Schema', id: 'x' }, noEntity],
      [{ __typename: 'ImageSet' }, imageSetKey],
      [{ __typename: 'ImageSet', imageSetId }, imageSetKey],
      [{ __typename: 'ImageSet', datastoreId: null, imageSetId }, imageSetKey],
      [{ __typename: 'ImageSet', datastoreId: [datastoreId], imageSetId }, imageSetKey],
      [{ __typename: 'ImageSet', id: { toString: 'x' } }, imageSetKey],
      [{ __typename: 'Datastore', datastoreId: null }, 'the text of id, or of datastoreId'],
      [{ __typename: 'Patient', id: 7 }, 'the text of id'],
      [{ __typename: 'Patient', id: ['PATIENT-3'] }, 'the text of id'],
      [{ __typename: 'ImagingStudy', id: '1.2.3' }, 'the text of instanceUid'],
    ];
    const result = await entities(...cases.map(([each]) => each), { __typename: 'Datastore', datastoreId });
    expect(result.data).toEqual({
      _entities: [...cases.map(() => null), { __typename: 'Datastore', datastoreId }],
    });
    expect(refusals(result)).toEqual(
      cases.map(([, expected], index) => ({
        path: ['_entities', index],
        message: `representations[${index}]: expected ${expected}.`,
        code: 'BAD_USER_INPUT',
      })),
    );
    expect(upstream.take().map(({ path }) => path)).toEqual([`/datastore/${datastoreId}`]);
  });

  test('with a key that no image set can have are refused where their image sets are selected, before any search', async () => {
    const result = await entities(
      { __typename: 'Patient', id: 'x'.repeat(513) },
      { __typename: 'ImagingStudy', instanceUid: '1.2.3 OR 1=1' },
      { __typename: 'ImagingSeries', instanceUid: '1'.repeat(65) },
    );
    const uidForm = 'instanceUid: expected a DICOM unique identifier: 1 to 64 digits and dots.';
    expect(refusals(result)).toEqual(
      ['id: expected text of at most 512 characters.', uidForm, uidForm].map((message, index) => ({
        path: ['_entities', index, 'imageSets'],
        message,
        code: 'BAD_USER_INPUT',
      })),
    );
    expect(JSON.stringify(result.errors)).not.toMatch(/OR 1=1|xxx|111/);
    expect(upstream.take()).toEqual([]);
  });

  test('with a key as long as the filter takes are searched, counted in characters and not UTF-16 units', async () => {
    const id = '\u{1F600}'.repeat(512);
    const result = await entities({ __typename: 'Patient', id });
    expect(result).toEqual({
      data: { _entities: [{ __typename: 'Patient', id, imageSets: { nodes: [] } }] },
    });
  });

  test('more than a thousand at once are refused as a whole', async () => {
    const result = await entities(
      ...Array.from({ length: 1_001 }, () => ({ __typename: 'Datastore', datastoreId })),
    );
    expect(refusals(result)).toEqual([
      {
        path: ['_entities'],
        message: 'representations: expected at most 1000 of them.',
        code: 'BAD_USER_INPUT',
      },
    ]);
    expect(upstream.take()).toEqual([]);
  });

  test('in a request that is too large are refused before it is read', async () => {
    const { status, body } = await gateway.query(document, {
      representations: [{ __typename: 'Patient', id: 'x'.repeat(300_000) }],
    });
    expect([status, refusals(body)[0]?.code]).toEqual([413, 'BAD_REQUEST']);
    expect(JSON.stringify(body).length).toBeLessThan(2_048);
  });

  test('are none where there is no representation', async () => {
    expect(await entities()).toEqual({ data: { _entities: [] } });
  });
});

test('_service gives the SDL for composition, without node and nodes', async () => {
  const { body } = await gateway.query('{ _service { sdl } }');
  const { _service } = body.data as unknown as { _service: { sdl: string } };
  expect(_service.sdl).toContain('@composeDirective(name: "@oneOf")');
  expect(_service.sdl).toContain('interface Node {');
  expect(_service.sdl).not.toMatch(/^\s+nodes?\(/m);
});
