import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startRecordingProxy, type RecordingProxy } from '../../../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../../support/gateway/withLocal.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(3) });
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId] });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

/** No value of a request may come back: every wrong value below holds this. */
const canary = 'CANARY';
const oneOfFields =
  'patientId, accessionNumber, studyId, studyInstanceUid, seriesInstanceUid, isPrimary, createdAt, updatedAt, studyDateAndTime, and';
const day = { date: '20261101' };

/** A filter as a variable, and what is said of it. */
const wrongFilters: readonly [string, unknown, string][] = [
  [
    'two keys',
    { patientId: { equal: canary }, studyId: { equal: canary } },
    `Variable "$filter": expected ImageSetFilter: exactly one of ${oneOfFields}, and not null.`,
  ],
  ['no key', {}, `Variable "$filter": expected ImageSetFilter: exactly one of ${oneOfFields}, and not null.`],
  [
    'a null member',
    { patientId: null },
    `Variable "$filter" at patientId: expected StringMatch: exactly one of equal, and not null.`,
  ],
  ['a null value', { patientId: { equal: null } }, 'Variable "$filter" at patientId.equal: expected text.'],
  [
    'an attribute that cannot be searched',
    { patientName: { equal: canary } },
    `Variable "$filter": expected ImageSetFilter: exactly one of ${oneOfFields}, and not null.`,
  ],
  [
    'a span of text',
    { patientId: { between: { from: canary, to: canary } } },
    'Variable "$filter" at patientId: expected StringMatch: exactly one of equal, and not null.',
  ],
  ['a number for text', { patientId: { equal: 5 } }, 'Variable "$filter" at patientId.equal: expected text.'],
  [
    'a reversed range of times',
    { createdAt: { between: { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' } } },
    'filter.createdAt.between: expected a range whose `from` is not after its `to`.',
  ],
  [
    'a reversed range of study dates',
    { studyDateAndTime: { between: { from: { date: '20261102' }, to: { date: '20261101' } } } },
    'filter.studyDateAndTime.between: expected a range whose `from` is not after its `to`.',
  ],
  [
    'three conditions',
    {
      and: [{ patientId: { equal: canary } }, { studyId: { equal: canary } }, { isPrimary: { equal: true } }],
    },
    'filter.and: expected a list of one or two conditions.',
  ],
  ['no conditions', { and: [] }, 'filter.and: expected a list of one or two conditions.'],
  [
    'nested conditions',
    { and: [{ and: [{ patientId: { equal: canary } }] }] },
    'filter.and[0].and: expected no `and` within an `and`, since HealthImaging takes two conditions.',
  ],
  [
    'a day that is none',
    { studyDateAndTime: { equal: { date: '20260230' } } },
    'Variable "$filter" at studyDateAndTime.equal.date: expected a calendar day as "YYYYMMDD" or "YYYY-MM-DD".',
  ],
  [
    'a time that is none',
    { studyDateAndTime: { equal: { ...day, time: '2500' } } },
    'Variable "$filter" at studyDateAndTime.equal.time: expected a time of day as "HHMMSS", "HHMMSS.FFFFFF", "HH:MM:SS" or "HH:MM:SS.ffffff".',
  ],
  [
    'a time without a zone',
    { updatedAt: { equal: '2026-11-01T00:00:00' } },
    'Variable "$filter" at updatedAt.equal: expected RFC 3339 text with a zone, such as "2026-11-02T08:15:00Z".',
  ],
  [
    'an identifier with letters',
    { studyInstanceUid: { equal: `1.2.${canary}` } },
    'Variable "$filter" at studyInstanceUid.equal: expected a DICOM unique identifier: 1 to 64 digits and dots, in quotes.',
  ],
  [
    'an identifier that is too long',
    { seriesInstanceUid: { equal: '1'.repeat(65) } },
    'Variable "$filter" at seriesInstanceUid.equal: expected a DICOM unique identifier: 1 to 64 digits and dots, in quotes.',
  ],
  [
    'text that is too long',
    { patientId: { equal: canary.repeat(100) } },
    'filter.patientId.equal: expected text of at most 512 characters.',
  ],
];

describe('a filter that HealthImaging would refuse is refused before any call, in words of the schema:', () => {
  test.each(wrongFilters)('%s', async (_name, filter, message) => {
    upstream.take();
    const { status, body } = await gateway.query(
      'query ($filter: ImageSetFilter) { imageSets(filter: $filter) { nodes { imageSetId } } }',
      { filter },
    );
    expect(body.errors?.map((error) => error.message)).toEqual([message]);
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      retryable: false,
      requestId: expect.any(String),
    });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(canary);
    expect(upstream.take()).toEqual([]);
  });
});

/** Written into the document, with what validation says; the code is GRAPHQL_VALIDATION_FAILED. */
const wrongLiterals: readonly [string, string, string][] = [
  [
    'two keys',
    '{ patientId: { equal: "CANARY" }, studyId: { equal: "CANARY" } }',
    `Expected ImageSetFilter: exactly one of ${oneOfFields}, and not null.`,
  ],
  ['a number for text', '{ patientId: { equal: 12345678 } }', 'Expected text.'],
  [
    'a day that is none',
    '{ studyDateAndTime: { equal: { date: "CANARY" } } }',
    'Expected a calendar day as "YYYYMMDD" or "YYYY-MM-DD".',
  ],
  [
    'an unknown attribute',
    '{ patientName: { equal: "CANARY" } }',
    `Expected ImageSetFilter: exactly one of ${oneOfFields}, and not null.`,
  ],
];

describe('a wrong filter in the document is refused without its value:', () => {
  test.each(wrongLiterals)('%s', async (_name, literal, message) => {
    upstream.take();
    const { body } = await gateway.query(`{ imageSets(filter: ${literal}) { nodes { imageSetId } } }`);
    expect(body.errors?.map((error) => error.message)).toContain(message);
    expect(body.errors?.every(({ extensions }) => extensions.code === 'GRAPHQL_VALIDATION_FAILED')).toBe(
      true,
    );
    expect(JSON.stringify(body)).not.toMatch(/CANARY|12345678/);
    expect(upstream.take()).toEqual([]);
  });

  test('a nullable variable inside a oneOf object in a list, which graphql-js lets through', async () => {
    const { body } = await gateway.query(
      'query ($id: String) { imageSets(filter: { and: [{ patientId: { equal: $id } }] }) { nodes { imageSetId } } }',
    );
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const nullItem = await gateway.query(
      'query ($match: StringMatch) { imageSets(filter: { and: [{ patientId: $match }] }) { nodes { imageSetId } } }',
    );
    expect(nullItem.body.errors?.map(({ extensions }) => extensions.code)).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(upstream.take()).toEqual([]);
  });
});

describe('another argument out of range', () => {
  test.each([
    ['first: 0', 'BAD_USER_INPUT'],
    ['first: 501', 'BAD_USER_INPUT'],
    ['first: -1', 'BAD_USER_INPUT'],
    ['after: ""', 'INVALID_CURSOR'],
    ['after: "CANARY"', 'INVALID_CURSOR'],
    [`datastoreId: "${'z'.repeat(32)}"`, 'NOT_FOUND'],
  ])('%s is %s', async (argument, code) => {
    upstream.take();
    const { body } = await gateway.query(`{ imageSets(${argument}) { nodes { imageSetId } } }`);
    expect(body.data).toEqual({ imageSets: null });
    expect(body.errors?.map(({ extensions, path }) => [extensions.code, path])).toEqual([
      [code, ['imageSets']],
    ]);
    expect(upstream.take()).toEqual([]);
  });
});
