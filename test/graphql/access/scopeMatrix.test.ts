import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { encodeGlobalId } from '../../../src/graphql/resolvers/globalId.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { startAuthorizedGateway, type AuthorizedGateway } from '../../support/gateway/authorizedGateway.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import type { GraphqlAnswer } from '../../support/gateway/testGateway.ts';
import { syntheticInstance, withLocal, type Local } from '../../support/gateway/withLocal.ts';

/** The patient of the launch has two image sets, the other one has one. */
const [launchPatient, otherPatient] = ['LAUNCH-1', 'OTHER-2'];
const absent = 'a'.repeat(32);

let local: Local;
let upstream: RecordingProxy;
let gateway: AuthorizedGateway;
let variables: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  local = await withLocal();
  const series = [launchPatient, launchPatient, otherPatient].map((DICOMPatientId, index) => {
    const uids = { study: `2.25.${index}`, series: `2.25.${index}.1`, instance: `2.25.${index}.1.1` };
    return syntheticInstance(uids, { tags: { DICOMPatientId } });
  });
  takeInstances(local.store, startImportRun(), series, Date.UTC(2026, 10, 1));
  upstream = await startRecordingProxy(local.url);
  gateway = await startAuthorizedGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { PAGE_CACHE_BYTES: '0', LIMIT_DEPTH: '20' },
  });
  const { body } = await gateway.query(
    `query ($own: String!, $other: String!) {
      own: imageSets(filter: { patientId: { equal: $own } }) { nodes { imageSetId } }
      other: imageSets(filter: { patientId: { equal: $other } }) { nodes { imageSetId } }
    }`,
    { own: launchPatient, other: otherPatient },
    gateway.bearer({ scope: 'user/ImagingStudy.rs' }),
  );
  const data = body.data as Record<'own' | 'other', { nodes: { imageSetId: string }[] }>;
  const [own = '', other = ''] = [data.own.nodes[0]?.imageSetId, data.other.nodes[0]?.imageSetId];
  const { datastoreId } = local;
  variables = {
    own,
    other,
    patientId: otherPatient,
    node: encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId: other }),
    patients: [{ __typename: 'Patient', id: otherPatient }],
    imageSets: [{ __typename: 'ImageSet', datastoreId, imageSetId: other }],
  };
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

/** The operations of the matrix, in the order of its columns, each with a field named `it`. */
const operations = {
  typename: '{ it: __typename }',
  search: '{ it: imageSets { nodes { imageSetId } } }',
  searchOther:
    'query ($patientId: String!) { it: imageSets(filter: { patientId: { equal: $patientId } }) { nodes { imageSetId } } }',
  patientEntity:
    'query ($patients: [_Any!]!) { entities: _entities(representations: $patients) { ... on Patient { it: imageSets { nodes { imageSetId } } } } }',
  searchAndRead: '{ it: imageSets { nodes { metadata properties { state } } } }',
  readOwn: 'query ($own: ID!) { it: imageSet(imageSetId: $own) { imageSetId } }',
  readOther: 'query ($other: ID!) { it: imageSet(imageSetId: $other) { imageSetId } }',
  nodeOther: 'query ($node: ID!) { it: node(id: $node) { id } }',
  entityOther:
    'query ($imageSets: [_Any!]!) { it: _entities(representations: $imageSets) { ... on ImageSet { imageSetId } } }',
  datastore: '{ it: datastore { datastoreId } }',
  datastores: '{ it: datastores { nodes { datastoreId } } }',
} as const;

/** A response in short: the number of rows, `yes` or `null` for an object, or the code and status of a refusal. */
function outcome({ status, body }: GraphqlAnswer): string {
  const [error] = body.errors ?? [];
  if (error !== undefined) return `${status} ${error.extensions.code}`;
  const { entities, it = (entities as { it: unknown }[] | undefined)?.[0]?.it } = body.data ?? {};
  const value = Array.isArray(it) ? (it[0] as unknown) : it;
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' && 'nodes' in value && Array.isArray(value.nodes)
    ? String(value.nodes.length)
    : 'yes';
}

const refused = '403 FORBIDDEN';
/** Refused during execution: only then is it known that the object is an image set. */
const refusedField = '200 FORBIDDEN';

const columns = Object.keys(operations) as (keyof typeof operations)[];

function row(...outcomes: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column, index) => [column, outcomes[index] ?? '']));
}

const nothing = row('yes', ...Array<string>(7).fill(refused), refusedField, refused, refused);
const everything = row('yes', '3', '1', '1', '3', 'yes', 'yes', 'yes', 'yes', 'yes', '1');
const searches = row('yes', '3', '1', '1', refused, refused, refused, refusedField, refusedField, 'yes', '1');
const reads = row('yes', refused, refused, refused, refused, 'yes', 'yes', 'yes', 'yes', 'yes', '1');
const confined = row('yes', '2', '0', '0', '2', 'yes', 'null', 'null', 'null', 'yes', '1');
const confinedSearches = row(
  'yes',
  '2',
  '0',
  '0',
  refused,
  refused,
  refused,
  refusedField,
  refusedField,
  'yes',
  '1',
);
const confinedReads = row(
  'yes',
  refused,
  refused,
  refused,
  refused,
  'yes',
  'null',
  'null',
  'null',
  'yes',
  '1',
);

const launch = { patient: launchPatient };

describe('scopes, operation by operation', () => {
  test.each<[scope: string, claims: object, expected: Readonly<Record<string, string>>]>([
    ['', {}, nothing],
    ['openid profile launch/patient', launch, nothing],
    ['user/Observation.rs user/Patient.rs', {}, nothing],
    ['user/ImagingStudy', {}, nothing],
    ['user/ImagingStudy.write', {}, nothing],
    ['user/ImagingStudy.cud', {}, nothing],
    ['user/ImagingStudy.sr', {}, nothing],
    ['user/ImagingStudy.rs?modality=CT', {}, nothing],
    ['USER/IMAGINGSTUDY.RS', {}, nothing],
    ['patient/ImagingStudy.rs', {}, nothing],
    ['patient/ImagingStudy.rs', { patient: [launchPatient] }, nothing],
    ['user/ImagingStudy.rs', {}, everything],
    ['user/ImagingStudy.rs', launch, everything],
    ['user/ImagingStudy.cruds', {}, everything],
    ['user/ImagingStudy.read', {}, everything],
    ['user/ImagingStudy.*', {}, everything],
    ['user/*.rs', {}, everything],
    ['system/ImagingStudy.rs', {}, everything],
    ['system/*.read', {}, everything],
    ['user/ImagingStudy.s system/ImagingStudy.r', {}, everything],
    ['user/ImagingStudy.s', {}, searches],
    ['system/*.cus', {}, searches],
    ['user/ImagingStudy.r', {}, reads],
    ['patient/ImagingStudy.rs', launch, confined],
    ['patient/ImagingStudy.read', launch, confined],
    ['patient/*.rs', launch, confined],
    ['patient/ImagingStudy.rs user/ImagingStudy.rs', launch, confined],
    ['patient/Observation.rs user/ImagingStudy.rs', launch, confined],
    ['patient/ImagingStudy.rs?modality=CT user/ImagingStudy.rs', launch, confined],
    ['patient/Observation.rs user/ImagingStudy.rs', {}, everything],
    ['patient/ImagingStudy.s', launch, confinedSearches],
    ['patient/ImagingStudy.r', launch, confinedReads],
  ])('%j with %j', async (scope, claims, expected) => {
    const found: Record<string, string> = {};
    for (const column of columns) {
      const answer = await gateway.query(operations[column], variables, gateway.bearer({ scope, ...claims }));
      found[column] = outcome(answer);
    }
    expect(found).toEqual(expected);
  });
});

describe('what is not allowed looks like what does not exist', () => {
  const bearer = () => gateway.bearer({ scope: 'patient/ImagingStudy.rs', ...launch });

  /** The whole response as it is sent, without what identifies the request. */
  async function wire(document: string, given: object): Promise<object> {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer() },
      body: JSON.stringify({ query: document, variables: given }),
    });
    const headers = Object.fromEntries(response.headers);
    const requestId = headers['x-request-id'] ?? '';
    const text = await response.text();
    return {
      status: response.status,
      headers: { ...headers, 'x-request-id': '', date: '' },
      text: text.replaceAll(requestId, ''),
    };
  }

  test("an image set of another patient, by HealthImaging's id", async () => {
    const there = await wire(operations.readOther, { other: variables['other'] });
    expect(there).toEqual(await wire(operations.readOther, { other: absent }));
  });

  test("an image set of another patient, by the graph's id", async () => {
    const node = encodeGlobalId({ type: 'ImageSet', datastoreId: local.datastoreId, imageSetId: absent });
    const there = await wire(operations.nodeOther, { node: variables['node'] });
    expect(there).toEqual(await wire(operations.nodeOther, { node }));
  });

  test('a search for another patient, page information and order included', async () => {
    const document = `query ($patientId: String!) {
      imageSets(filter: { and: [{ patientId: { equal: $patientId } }, { isPrimary: { equal: true } }] }) {
        nodes { id } edges { cursor } sort { field order }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    const there = await wire(document, { patientId: otherPatient });
    expect(there).toEqual(await wire(document, { patientId: 'NOBODY' }));
  });

  test('a data store that the principal may not read', async () => {
    const document =
      'query ($id: ID!) { imageSets(datastoreId: $id) { nodes { id } } datastore(datastoreId: $id) { id } }';
    const claimed = await startAuthorizedGateway({
      endpoint: upstream.url,
      datastoreIds: [local.datastoreId],
      environment: { AUTH_DATASTORES_CLAIM: 'stores' },
    });
    const ask = async (id: string) => {
      const header = claimed.bearer({ scope: 'user/ImagingStudy.rs', stores: [] });
      const { status, body } = await claimed.query(document, { id }, header);
      return JSON.stringify({ status, body }).replace(/"requestId":"[^"]*"/, '');
    };
    upstream.take();
    expect(await ask(local.datastoreId)).toBe(await ask(absent));
    expect(upstream.take()).toEqual([]);
    await claimed[Symbol.asyncDispose]();
  });
});

test('a search by a principal confined to a patient may have one condition; more are refused before any call', async () => {
  const document = `{ imageSets(filter: { and: [{ studyId: { equal: "1" } }, { isPrimary: { equal: true } }] }) { nodes { id } } }`;
  upstream.take();
  const { body } = await gateway.query(
    document,
    {},
    gateway.bearer({ scope: 'patient/ImagingStudy.rs', ...launch }),
  );
  expect(body.errors?.[0]?.message).toBe(
    'filter: expected at most one condition, since the patient of your access token is the other.',
  );
  expect(upstream.take()).toEqual([]);
});

test('a refusal for want of a scope names one that is expected', async () => {
  const { headers } = await gateway.query(operations.search, {}, gateway.bearer({ scope: 'openid' }));
  expect(headers.get('www-authenticate')).toBe(
    'Bearer realm="healthimaging-graphql", error="insufficient_scope", scope="user/ImagingStudy.rs"',
  );
});
