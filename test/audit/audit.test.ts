import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { readLine } from '../../src/audit/log/chain.ts';
import { verifyChainFile } from '../../src/audit/log/verifyChainFile.ts';
import type { Environment } from '../../src/config/config.ts';
import { eventSummary } from './eventSummary.ts';
import { faultsOfDicom, faultsOfFhir, type FhirAuditEvent } from './formats/validFormats.ts';
import {
  chainKey,
  confined,
  launchPatient,
  otherDatastore,
  otherPatient,
  staff,
  startAuditedGateway,
  valuesKey,
  withAuditedImageSets,
  type AuditedGateway,
} from '../support/gateway/auditedGateway.ts';
import type { Local } from '../support/gateway/withLocal.ts';

let local: Local;
let folder: string;
let file: string;
let gateways: AuditedGateway[];

beforeAll(async () => {
  local = await withAuditedImageSets();
});
afterAll(() => local.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.log');
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function start(environment: Environment = {}): Promise<AuditedGateway> {
  const gateway = await startAuditedGateway(local, file, environment);
  gateways.push(gateway);
  return gateway;
}

async function texts(): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => readLine(line)?.text);
  return lines.filter((text) => text !== undefined);
}

const hashOf = (name: string, value: string) =>
  createHmac('sha256', valuesKey)
    .update(JSON.stringify([name, value]))
    .digest('hex');

const searched = (query: object, rows: number, more: object = {}) => ({
  what: 'search',
  outcome: 'success',
  query: { datastoreId: local.datastoreId, continued: false, ...query },
  rows: 1,
  ...(rows > 0 && { imageSetIds: rows }),
  ...more,
});

test('each search is one event with field names, operators, hashes and the number of rows; so is each further window', async () => {
  const gateway = await start();
  const bearer = gateway.as(staff);
  const page = `query ($id: String!, $after: String) {
    imageSets(first: 1, after: $after, filter: { patientId: { equal: $id } }) {
      nodes { dicomTags { patientName } } pageInfo { endCursor }
    }
  }`;
  let after: string | null = null;
  for (let turn = 0; turn < 2; turn += 1) {
    const { body } = await gateway.query(page, { id: launchPatient, after }, bearer);
    after = (body.data?.['imageSets'] as { pageInfo: { endCursor: string } }).pageInfo.endCursor;
  }
  await gateway.query(
    `{ a: imageSets(filter: { studyDateAndTime: { equal: { date: "2026-01-01", time: "09:30:00" } } }) { nodes { id } }
       b: imageSets(sort: { field: CREATED_AT, order: ASC }) { nodes { id } } }`,
    {},
    bearer,
  );
  const filter = [
    { field: 'patientId', operator: 'EQUAL', valueHashes: [hashOf('patientId', launchPatient)] },
  ];
  const patient = hashOf('patientId', launchPatient);
  expect((await texts()).map(eventSummary)).toEqual([
    searched({ filter, first: 1 }, 1, { patient }),
    searched({ filter, first: 1, continued: true }, 1, { patient }),
    searched(
      {
        filter: [
          {
            field: 'studyDateAndTime',
            operator: 'EQUAL',
            valueHashes: [hashOf('studyDateAndTime', '20260101 093000')],
          },
        ],
      },
      0,
    ),
    searched({ filter: [], sort: { field: 'CREATED_AT', order: 'ASC' } }, 3),
  ]);
  expect((await texts()).flatMap(faultsOfFhir)).toEqual([]);
  expect(await verifyChainFile(file, chainKey)).toMatchObject({ badLine: undefined, head: 'fits' });
});

test('an event names the principal, the address and the request id', async () => {
  const gateway = await start();
  const { headers } = await gateway.query('{ imageSets { nodes { id } } }', {}, gateway.as(staff));
  const [text = ''] = await texts();
  const { agent, entity } = JSON.parse(text) as FhirAuditEvent;
  expect(agent).toMatchObject([
    { who: { identifier: { value: 'viewer' } }, network: { address: '127.0.0.1', type: '2' } },
    { who: { display: 'healthimaging-graphql' } },
    { who: { identifier: { system: expect.stringMatching(/^http:/), value: 'dr-who' } }, requestor: true },
    { who: { identifier: { value: 'north' } } },
  ]);
  expect(entity.at(-1)).toMatchObject({ what: { identifier: { value: headers.get('x-request-id') } } });
});

test('the reads of an operation are one event for each data store, and denied reads another', async () => {
  const gateway = await start();
  const bearer = gateway.as(staff);
  const { body } = await gateway.query(
    '{ imageSets { nodes { imageSetId properties { state } metadata } } }',
    {},
    bearer,
  );
  const { nodes } = body.data?.['imageSets'] as { nodes: { imageSetId: string }[] };
  const imageSetId = nodes[0]?.imageSetId;
  await gateway.query(
    `query ($id: ID!, $other: ID!, $foreign: ID!) {
      imageSet(imageSetId: $id) { versions { nodes { versionId } } datastore { name } }
      other: imageSet(datastoreId: $other, imageSetId: $id) { id }
      foreign: imageSet(datastoreId: $foreign, imageSetId: $id) { id }
      missing: imageSet(imageSetId: "${'0'.repeat(32)}") { id }
    }`,
    { id: imageSetId, other: otherDatastore, foreign: 'canary-datastore' },
    bearer,
  );
  const denied = { what: 'read', outcome: 'denied: NOT_FOUND', GetImageSet: 1 };
  expect((await texts()).map(eventSummary)).toEqual([
    searched({ filter: [] }, 3),
    { what: 'read', outcome: 'success', GetImageSet: 3, GetImageSetMetadata: 3 },
    // One of a data store, and one of a data store that is not configured, whose id is a value of the request.
    denied,
    denied,
    expect.objectContaining({ what: 'read', outcome: 'success', GetImageSet: 1, ListImageSetVersions: 1 }),
    { what: 'read', outcome: 'failed: NOT_FOUND', GetImageSet: 1 },
  ]);
  const all = await texts();
  expect(all.flatMap(faultsOfFhir)).toEqual([]);
  expect(all.filter((text) => text.includes(otherDatastore))).toHaveLength(1);
  expect(all.join()).not.toContain('canary');
});

test('each search of entities is an event, and all reads together are one', async () => {
  const gateway = await start();
  const representations = [
    { __typename: 'Patient', id: launchPatient },
    { __typename: 'Patient', id: otherPatient },
    { __typename: 'Datastore', datastoreId: local.datastoreId },
  ];
  await gateway.query(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Patient { imageSets { nodes { id } } } ... on Datastore { name } } }`,
    { representations },
    gateway.as(staff),
  );
  const of = (id: string, rows: number) => {
    const hash = hashOf('patientId', id);
    return searched({ filter: [{ field: 'patientId', operator: 'EQUAL', valueHashes: [hash] }] }, rows, {
      patient: hash,
    });
  };
  expect((await texts()).map(eventSummary)).toEqual([
    of(launchPatient, 2),
    of(otherPatient, 1),
    { what: 'read', outcome: 'success', GetDatastore: 3 },
  ]);
});

test('an image set of another patient is recorded as denied, although its document was read to find out', async () => {
  const gateway = await start();
  const staffBearer = gateway.as(staff);
  const find =
    'query ($id: String!) { imageSets(filter: { patientId: { equal: $id } }) { nodes { imageSetId } } }';
  const { body } = await gateway.query(find, { id: otherPatient }, staffBearer);
  const { nodes } = body.data?.['imageSets'] as { nodes: { imageSetId: string }[] };
  const answer = await gateway.query(
    'query ($id: ID!) { imageSet(imageSetId: $id) { id } }',
    { id: nodes[0]?.imageSetId },
    gateway.as(confined),
  );
  expect(answer.body.data).toEqual({ imageSet: null });
  expect((await texts()).slice(1).map(eventSummary)).toEqual([
    {
      what: 'read',
      outcome: 'denied: NOT_FOUND',
      GetImageSet: 1,
      GetImageSetMetadata: 1,
      patient: hashOf('patientId', launchPatient),
    },
  ]);
});

test("an operation that is refused as a whole is one denied event; one that asks for nobody's data is none", async () => {
  const gateway = await start({ LIMIT_DEPTH: '4', COST_PER_MINUTE: '110' });
  const bearer = gateway.as;
  const search = '{ imageSets(first: 100) { nodes { id } } }';
  const deep = '{ imageSets { nodes { datastore { imageSets { nodes { id } } } } } }';
  const codes = [
    (await gateway.query(search)).body.errors?.[0]?.extensions.code,
    (await gateway.query(search, {}, { authorization: 'Bearer canary.canary.canary' })).body.errors?.[0]
      ?.extensions.code,
    (await gateway.query(search, {}, bearer({ sub: 'nobody', scope: 'openid' }))).body.errors?.[0]?.extensions
      .code,
    (await gateway.query(deep, {}, bearer({ ...staff, sub: 'deep' }))).body.errors?.[0]?.extensions.code,
    (
      await gateway.query(
        '{ imageSets(first: 500) { nodes { id properties { state } } } }',
        {},
        bearer({ ...staff, sub: 'dear' }),
      )
    ).body.errors?.[0]?.extensions.code,
    (await gateway.query(search, {}, bearer(staff))).body.errors?.[0]?.extensions.code,
    (await gateway.query(search, {}, bearer(staff))).body.errors?.[0]?.extensions.code,
    (await gateway.query('{ imageSets { canary } }', {}, bearer(staff))).body.errors?.[0]?.extensions.code,
    (await gateway.query('{ imageSets(', {}, bearer(staff))).body.errors?.[0]?.extensions.code,
    (await gateway.query('{ __typename }', {}, bearer({ ...staff, sub: 'idle' }))).body.errors?.[0]
      ?.extensions.code,
  ];
  const refused = [
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'OPERATION_LIMIT_EXCEEDED',
    'COST_ESTIMATED_TOO_EXPENSIVE',
  ];
  expect(codes).toEqual([
    ...refused,
    undefined,
    'RATE_LIMITED',
    'GRAPHQL_VALIDATION_FAILED',
    'GRAPHQL_PARSE_FAILED',
    undefined,
  ]);
  const alert = (code: string) => ({ what: '110113', outcome: `denied: ${code}` });
  expect((await texts()).map(eventSummary)).toEqual([
    { what: '110114', outcome: 'denied: UNAUTHENTICATED' },
    { what: '110114', outcome: 'denied: UNAUTHENTICATED' },
    ...refused.slice(2).map(alert),
    searched({ filter: [], first: 100 }, 3),
    alert('RATE_LIMITED'),
  ]);
  expect((await texts()).flatMap(faultsOfFhir)).toEqual([]);
});

test('a failed search is recorded with its code, and with names of fields only', async () => {
  const gateway = await start();
  const bearer = gateway.as(staff);
  await gateway.query(
    '{ imageSets(after: "canary", filter: { patientId: { equal: "canary" } }) { nodes { id } } }',
    {},
    bearer,
  );
  await gateway.query(`{ imageSets(datastoreId: "${otherDatastore}") { nodes { id } } }`, {}, bearer);
  await gateway.query('{ imageSets(datastoreId: "canary") { nodes { id } } }', {}, bearer);
  await gateway.query('{ imageSets(filter: { and: [] }) { nodes { id } } }', {}, bearer);
  const patient = hashOf('patientId', 'canary');
  const filter = [{ field: 'patientId', operator: 'EQUAL', valueHashes: [patient] }];
  const { datastoreId } = local;
  const failed = (outcome: string, query: object) => ({
    what: 'search',
    outcome,
    rows: 1,
    query: { continued: false, ...query },
  });
  expect((await texts()).map(eventSummary)).toEqual([
    { ...failed('failed: INVALID_CURSOR', { datastoreId, filter, continued: true }), patient },
    failed('denied: NOT_FOUND', { datastoreId: otherDatastore, filter: [] }),
    failed('denied: NOT_FOUND', { filter: [] }),
    failed('failed: BAD_USER_INPUT', { filter: [] }),
  ]);
  expect((await texts()).join()).not.toContain('canary');
});

test('DICOM audit messages are valid, and one for each of the same events', async () => {
  const gateway = await start({ AUDIT_FORMAT: 'dicom' });
  const bearer = gateway.as(staff);
  await gateway.query('{ imageSets { nodes { id metadata } } }', {}, bearer);
  await gateway.query('{ imageSets { nodes { id } } }');
  await gateway.query('{ imageSets { nodes { id } } }', {}, gateway.as({ ...staff, scope: 'openid' }));
  await gateway.query('{ imageSets(after: "x") { nodes { id } } }', {}, gateway.as(confined));
  const all = await texts();
  const codes = all.map((text) => /<EventID csd-code="(\d+)"/.exec(text)?.[1]);
  const outcomes = all.map((text) => /EventOutcomeIndicator="(\d+)"/.exec(text)?.[1]);
  expect([codes, outcomes]).toEqual([
    ['110112', '110103', '110114', '110113', '110112'],
    ['0', '0', '4', '4', '4'],
  ]);
  expect(await faultsOfDicom(all)).toEqual([]);
});

test('no event holds a value of a filter, a tag, a token or a cursor, in clear or in base64', async () => {
  for (const AUDIT_FORMAT of ['fhir', 'dicom']) {
    const gateway = await start({ AUDIT_FORMAT, AUDIT_FILE: join(folder, AUDIT_FORMAT) });
    const bearer = gateway.as(staff);
    const everything = `query ($id: String!) {
      imageSets(first: 2, filter: { patientId: { equal: $id } }) { nodes { metadata dicomTags { patientName } patient { imageSets(first: 2) { nodes { id } } } } pageInfo { endCursor } }
      imageSets2: imageSets(filter: { accessionNumber: { equal: "CANARY-ACC-1" } }) { nodes { id } }
      imageSets3: imageSets(filter: { studyInstanceUid: { equal: "2.25.1" } }) { nodes { id } }
    }`;
    const { body } = await gateway.query(everything, { id: launchPatient }, bearer);
    expect(body.errors).toBeUndefined();
    await gateway.query(everything, { id: launchPatient }, gateway.as(confined));
    const text = await readFile(join(folder, AUDIT_FORMAT), 'utf8');
    const decoded = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([match]) =>
      Buffer.from(match, 'base64').toString(),
    );
    const cursor = (body.data?.['imageSets'] as { pageInfo: { endCursor: string } }).pageInfo.endCursor;
    const [, token = ''] = bearer.authorization.split(' ');
    for (const canary of ['CANARY', '19010203', '2.25.1', cursor, token]) {
      expect([canary, text.includes(canary) || decoded.some((part) => part.includes(canary))]).toEqual([
        canary,
        false,
      ]);
    }
  }
});
