import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { encodeGlobalId } from '../../../src/graphql/resolvers/globalId.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { startAuthorizedGateway, type AuthorizedGateway } from '../../support/gateway/authorizedGateway.ts';
import { syntheticInstance, withLocal, type Local } from '../../support/gateway/withLocal.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: AuthorizedGateway;
let foreign: string;
const absent = 'a'.repeat(32);

beforeAll(async () => {
  local = await withLocal();
  const uids = { study: '1.2.3', series: '1.2.3.1', instance: '1.2.3.1.1' };
  const instance = syntheticInstance(uids, { tags: { DICOMPatientId: 'OTHER' } });
  takeInstances(local.store, startImportRun(), [instance], Date.now());
  upstream = await startRecordingProxy(local.url);
  gateway = await startAuthorizedGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId] });
  const everybody = gateway.bearer({ sub: 'doctor', scope: 'user/ImagingStudy.rs' });
  const { body } = await gateway.query('{ imageSets { nodes { imageSetId } } }', {}, everybody);
  foreign =
    (body.data as { imageSets: { nodes: { imageSetId: string }[] } }).imageSets.nodes[0]?.imageSetId ?? '';
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

const reads: readonly (readonly [string, string, (id: string) => Readonly<Record<string, unknown>>])[] = [
  ['imageSet', 'query ($id: ID!) { imageSet(imageSetId: $id) { id version } }', (id) => ({ id })],
  ['a version', 'query ($id: ID!) { imageSet(imageSetId: $id, version: 1) { id } }', (id) => ({ id })],
  [
    'metadata',
    'query ($id: ID!) { imageSet(imageSetId: $id) { metadata properties { state } } }',
    (id) => ({ id }),
  ],
  [
    'versions',
    'query ($id: ID!) { imageSet(imageSetId: $id) { versions { nodes { versionId } } } }',
    (id) => ({ id }),
  ],
  ['node', 'query ($id: ID!) { node(id: $id) { id } }', (id) => ({ id: globalId(id) })],
  ['nodes', 'query ($id: ID!) { nodes(ids: [$id, $id]) { id } }', (id) => ({ id: globalId(id) })],
  [
    'an entity',
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on ImageSet { id } } }',
    (id) => ({ r: [{ __typename: 'ImageSet', datastoreId: local.datastoreId, imageSetId: id }] }),
  ],
];

const globalId = (imageSetId: string) =>
  encodeGlobalId({ type: 'ImageSet', datastoreId: local.datastoreId, imageSetId });

test.each(reads)(
  'of another patient’s image set, a confined token is told what it is of none, by the same calls: %s',
  async (_what, document, variablesOf) => {
    expect(foreign).toMatch(/^[0-9a-f]{32}$/);
    const confined = gateway.bearer({ sub: 'app', scope: 'patient/ImagingStudy.rs', patient: 'P1' });
    // Twice, since an answer might be kept.
    for (let round = 0; round < 2; round += 1) {
      const seen = [];
      for (const id of [foreign, absent]) {
        upstream.take();
        const { status, body } = await gateway.query(document, variablesOf(id), confined);
        const paths = upstream.take().map(({ path }) => path.replace(id, 'ID'));
        seen.push({ status, data: body.data, errors: body.errors?.map(({ message }) => message), paths });
      }
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]?.paths.length).toBeGreaterThan(1);
    }
  },
);
