import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getOperationAST, parse } from 'graphql';

import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { compileProjection } from '../../../src/graphql/projection/projection.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { propertyParameters, propertyRuns } from '../../support/propertyRuns.ts';
import { randomSearch, type RandomSearch } from '../../support/randomSearch.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { json, startFaultServer, type Fault, type FaultServer } from '../../support/upstream/faultServer.ts';
import { wireSummary } from '../../support/upstream/wireSummaries.ts';

// The same question to two gateways before one HealthImaging: with the projection, and by graphql-js alone.

const cursorKeys = [Buffer.alloc(32, 7)];
let upstream: FaultServer;
let projecting: TestGateway;
let executing: TestGateway;

beforeAll(async () => {
  upstream = await startFaultServer(json({ imageSetsMetadataSummaries: [] }));
  const options = {
    endpoint: upstream.url,
    datastoreIds: [datastoreId] as const,
    // Every question asks HealthImaging anew.
    environment: { PAGE_CACHE_BYTES: '0', LIMIT_COST: '100000' },
    cursorKeys,
  };
  projecting = await startTestGateway(options);
  executing = await startTestGateway({ ...options, projection: false });
});
afterAll(async () => {
  await projecting[Symbol.asyncDispose]();
  await executing[Symbol.asyncDispose]();
  await upstream.close();
});

/** All of an answer that does not belong to its moment. */
async function answerOf(gateway: TestGateway, body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-graphql-cost': '1', ...headers },
    body: JSON.stringify(body),
  });
  const kept = [...response.headers].filter(
    ([name]) => !['date', 'x-request-id', 'keep-alive'].includes(name),
  );
  const id = response.headers.get('x-request-id') ?? 'none';
  const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return { status: response.status, headers: kept, text: text.replaceAll(id, 'ID') };
}

async function expectAlike(body: object, headers?: Readonly<Record<string, string>>): Promise<string> {
  upstream.requests.length = 0;
  const answer = await answerOf(projecting, body, headers);
  const calls = upstream.requests.length;
  expect(answer).toEqual(await answerOf(executing, body, headers));
  expect(upstream.requests.length).toBe(2 * calls);
  return answer.text;
}

const writing = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '"',
    '\\',
    '\u0000\u001f\u007f',
    '\ud800',
    'a\udc00b',
    '\u2028',
    '山田^太郎',
    'Sample^Zoë',
    '😀',
    '',
  ),
);
const number = fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

const summaries = fc.array(
  fc.record({
    tags: fc.record({
      DICOMPatientId: writing,
      DICOMPatientName: writing,
      DICOMStudyDescription: writing,
      DICOMSeriesModality: writing,
      DICOMNumberOfStudyRelatedSeries: number,
      DICOMSeriesNumber: number,
    }),
    of: fc.record({
      version: number,
      isPrimary: fc.option(fc.boolean()),
      storageTier: fc.constantFrom(null, 'ARCHIVE_INSTANT_ACCESS', 'A_NEW_ONE'),
      createdAt: fc.constantFrom(null, 1.7e9, 1.764e9 + 0.001),
      hasTags: fc.boolean(),
    }),
  }),
  { maxLength: 4 },
);

const page = fc.record({
  summaries,
  nextToken: fc.constantFrom(null, null, 'a-token'),
  sort: fc.constantFrom(null, { sortField: 'createdAt', sortOrder: 'ASC' }),
});

function respondWith({
  summaries: rows,
  nextToken,
  sort,
}: typeof page extends fc.Arbitrary<infer Page> ? Page : never): Fault {
  return json({
    imageSetsMetadataSummaries: rows.map(({ tags, of: { hasTags, ...members } }, index) => {
      const summary = { ...wireSummary(index, tags), ...members };
      return hasTags ? summary : { ...summary, DICOMTags: null };
    }),
    nextToken,
    ...(sort && { sort }),
  });
}

test('5,000 documents over generated rows are answered alike, byte by byte', async () => {
  const schema = buildSchema();
  let projected = 0;
  await fc.assert(
    fc.asyncProperty(randomSearch, page, fc.boolean(), async (search: RandomSearch, first, goesOn) => {
      const last = respondWith({ ...first, nextToken: null });
      const serve: Fault = (socket, request) =>
        (goesOn && !request.queryNames.includes('nextToken') ? respondWith(first) : last)(socket, request);
      upstream.script(serve);
      await expectAlike(search);
      const document = parse(search.query);
      const operation = getOperationAST(document);
      if (operation && compileProjection(schema, document, operation) !== undefined) projected += 1;
    }),
    propertyParameters(5_000),
  );
  process.stdout.write(`${projected} of the documents were projected.\n`);
  expect(projected).toBeGreaterThan(propertyRuns(1_000));
}, 240_000);

describe('whatever goes wrong', () => {
  const query =
    '{ imageSets(first: 3) { edges { cursor node { id dicomTags { patientName } } } pageInfo { hasNextPage endCursor } } }';
  test.each([
    ['a refusal', json({ message: 'x' }, 400)],
    ['a failure', json({ message: 'x' }, 500)],
    ['no access', json({ message: 'x', __type: 'AccessDeniedException' }, 403)],
    ['throttling', json({ message: 'x' }, 429, { 'retry-after': '3' })],
    ['a wrong form', json({ imageSetsMetadataSummaries: 1 })],
    ['a row without an identifier', json({ imageSetsMetadataSummaries: [{}] })],
  ])('upstream, %s', async (_what, fault) => {
    upstream.script(fault);
    await expectAlike({ query });
  });

  test('the look for a next page fails, and the rows are there', async () => {
    const three = Array.from({ length: 3 }, (_, index) => wireSummary(index));
    const serve: Fault = (socket, request) =>
      request.queryNames.includes('nextToken')
        ? json({ message: 'x' }, 400)(socket, request)
        : json({ imageSetsMetadataSummaries: three, nextToken: 'a-token' })(socket, request);
    upstream.script(serve);
    expect(await expectAlike({ query })).toContain('"edges":[{');
  });

  test.each([
    ['application/graphql-response+json'],
    ['application/json;q=0.5, application/graphql-response+json'],
    ['text/html'],
    ['image/png'],
    ['multipart/mixed'],
  ])('Accept: %s', async (accept) => {
    upstream.script(json({ imageSetsMetadataSummaries: [wireSummary(1)], nextToken: null }));
    await expectAlike({ query }, { accept });
  });

  test.each([
    ['an operation that is not there', { query: `query A ${query}`, operationName: 'B' }],
    ['one of two', { query: `query A ${query} query B { imageSets { nodes { id } } }`, operationName: 'B' }],
    [
      'a wrong variable',
      { query: 'query ($n: Int) { imageSets(first: $n) { nodes { id } } }', variables: { n: 'x' } },
    ],
    ['a cursor that is none', { query: '{ imageSets(after: "x") { nodes { id } } }' }],
    ['a data store that is none', { query: '{ imageSets(datastoreId: "x") { nodes { id } } }' }],
    ['an argument of a wrong form', { query: '{ imageSets(first: 501) { nodes { id } } }' }],
  ])('%s', async (_what, body) => {
    upstream.script(json({ imageSetsMetadataSummaries: [wireSummary(1)], nextToken: null }));
    await expectAlike(body);
  });
});
