import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';

import { buildSchema } from '../../src/graphql/schema.ts';
import { captureLog } from '../support/capturedLog.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';
import { openSocket } from '../support/http/rawRequest.ts';
import { propertyParameters } from '../support/propertyRuns.ts';
import { randomOperation } from '../support/randomOperation.ts';

/** Whatever a client sends: methods, targets, headers and bodies that fit together now and then. */

const captured = captureLog();
let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(60) });
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    log: captured.log,
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    'NaN',
    '1e400',
    '9'.repeat(400),
    '{',
    '#',
    '"""',
  ),
);
const nested = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"and":'), fc.integer({ min: 1, max: 3_000 }))
  .map(([open, depth]) => open.repeat(depth));

/** A document as it may be, and as it comes when something between cuts or changes it. */
const operation = randomOperation(buildSchema({ scopeDirectives: false }), {
  first: [-1, 0, 1, 5, 501, null],
  after: ['nonsense', null],
  datastoreId: ['d'.repeat(32), 'x', null],
  imageSetId: ['a'.repeat(32), ''],
  version: [1, 0, null],
  filter: [null, {}, { isPrimary: { equal: true } }, { and: [] }, { patientId: { equal: '\u0000' } }],
  sort: [null, {}, { field: 'CREATED_AT' }],
  id: ['', 'bm9uZQ=='],
  ids: [[], [''], ['bm9uZQ==']],
  representations: [[], [{ __typename: 'ImageSet' }], [7]],
});
const document = fc.oneof(
  { weight: 4, arbitrary: operation.map(({ query }) => query) },
  fc.tuple(operation, fc.nat(400)).map(([{ query }, length]) => query.slice(0, length)),
  fc
    .tuple(operation, fc.nat(400), oddText)
    .map(([{ query }, at, text]) => query.slice(0, at) + text + query.slice(at)),
  fc.constantFrom(
    'mutation { a }',
    'subscription { imageSets { nodes { id } } }',
    'query A { __typename } query B { __typename }',
    'query ($a: Boolean!) { __typename @skip(if: $a) }',
    'query ($a: Boolean) { __typename @include(if: $a) }',
    'fragment A on Query { ...A } { ...A }',
    '{ imageSets(first: 99999999999) { nodes { id } } }',
    '{ node(id: "\ud800") { id } }',
    '{ imageSets(after: "AAAA") { nodes { id } } }',
    `{ ${'a '.repeat(2_000)}}`,
    `{ imageSets(filter: ${'{and:['.repeat(300)}`,
  ),
  oddText,
);

const odd = fc.oneof(fc.jsonValue(), oddText, fc.constant(null));
const graphqlBody = fc
  .record(
    {
      query: fc.oneof({ weight: 8, arbitrary: document }, odd),
      variables: fc.oneof(fc.dictionary(oddText, odd), odd, fc.constant({ a: null })),
      operationName: fc.oneof(fc.constantFrom('', 'A', 'B', null), odd),
      extensions: fc.oneof(
        odd,
        fc.record({ persistedQuery: fc.oneof(odd, fc.record({ version: odd, sha256Hash: odd })) }),
      ),
    },
    { requiredKeys: ['query'] },
  )
  .map((body) => JSON.stringify(body));
const body = fc.oneof(
  { weight: 4, arbitrary: operation.map((whole) => Buffer.from(JSON.stringify(whole))) },
  { weight: 6, arbitrary: graphqlBody.map((text) => Buffer.from(text)) },
  fc.array(graphqlBody, { maxLength: 3 }).map((all) => Buffer.from(`[${all.join(',')}]`)),
  fc.tuple(graphqlBody, fc.nat(200)).map(([text, length]) => Buffer.from(text).subarray(0, length)),
  fc.tuple(graphqlBody, fc.nat(200), fc.uint8Array({ maxLength: 4 })).map(([text, at, bytes]) => {
    const whole = Buffer.from(text);
    return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]);
  }),
  nested.map((text) => Buffer.from(`{"query":"{ __typename }","variables":{"a":${text}`)),
  nested.map((text) => {
    const closed = text.endsWith('[') ? text + ']'.repeat(text.length) : text;
    return Buffer.from(`{"query":"{ __typename }","variables":{"a":${closed}}}`);
  }),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(Buffer.alloc(300_000, '{')),
);

const headerText = fc.string({
  unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
});
const header = fc.oneof(
  fc.tuple(
    fc.constant('accept'),
    fc.oneof(
      headerText,
      fc.constantFrom(
        '*/*',
        'application/json;q=0',
        'APPLICATION/GRAPHQL-RESPONSE+JSON, application/json;q=0.9',
        'text/html',
        'text/html;q=0.1, application/json',
        'multipart/mixed',
        ';q=',
      ),
    ),
  ),
  fc.tuple(fc.constant('authorization'), fc.oneof(headerText, fc.constant('Bearer a.b.c'))),
  fc.tuple(
    fc.constantFrom('accept-encoding', 'content-encoding'),
    fc.constantFrom('br', 'gzip', 'x', '', 'gzip, br'),
  ),
  fc.tuple(
    fc.constantFrom('host', 'origin'),
    fc.constantFrom('localhost', 'evil.example', '', 'null', 'http://[::1'),
  ),
  fc.tuple(
    fc.constantFrom('transfer-encoding', 'expect', 'upgrade'),
    fc.constantFrom('chunked', '100-continue', 'h2c', 'x'),
  ),
  fc.tuple(
    fc.constantFrom(
      'x-request-id',
      'traceparent',
      'x-forwarded-for',
      'x-graphql-cost',
      'cookie',
      'range',
      'if-none-match',
    ),
    headerText,
  ),
);
const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'Application/JSON; Charset="UTF-8"',
    'application/json; charset=utf-16',
    'application/graphql+json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=a',
    '',
  ),
  headerText,
);
const target = fc.oneof(
  { weight: 8, arbitrary: fc.constant('/graphql') },
  document.map((query) => `/graphql?query=${encodeURIComponent(query.toWellFormed())}`),
  fc
    .tuple(document, oddText)
    .map(
      ([query, variables]) =>
        `/graphql?query=${encodeURIComponent(query.toWellFormed())}&variables=${encodeURIComponent(variables.toWellFormed())}&operationName=`,
    ),
  fc.constantFrom(
    '/graphql?query=%ff',
    '/graphql?query=%',
    '/graphql?query=a&query=b',
    '/graphql?extensions=[',
    '/',
    '//',
    '/graphql/',
    '/healthz',
    '/%00',
    '*',
    'http://evil.example/graphql',
  ),
);

const request = fc.record({
  method: fc.oneof(
    { weight: 6, arbitrary: fc.constant('POST') },
    { weight: 3, arbitrary: fc.constant('GET') },
    fc.constantFrom(
      'HEAD',
      'OPTIONS',
      'PUT',
      'DELETE',
      'PATCH',
      'QUERY',
      'TRACE',
      'PROPFIND',
      'post',
      'NONSENSE',
    ),
  ),
  target,
  version: fc.constantFrom('1.1', '1.1', '1.1', '1.0', '2.0'),
  contentType,
  headers: fc.array(header, { maxLength: 4 }),
  body,
});
type OddRequest = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

function bytesOf({ method, target, version, contentType, headers, body }: OddRequest): Buffer {
  const lines = [
    `${method} ${target} HTTP/${version}`,
    'host: localhost',
    `content-type: ${contentType}`,
    `content-length: ${body.length}`,
    'connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Empty where the server refused it, and reset the connection, before all of it had come. */
async function answerTo(bytes: Buffer): Promise<string> {
  const socket = await openSocket(gateway.gateway.url);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(bytes);
  await closed;
  return answer;
}

// A busy machine takes its time.
jest.setTimeout(240_000);

test('2,000 odd requests: no internal error, nothing but overload in the five hundreds, no error in the log', async () => {
  const statuses: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      captured.clear();
      const answer = await answerTo(bytesOf(sent));
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 'none';
      statuses[status] = (statuses[status] ?? 0) + 1;
      expect(answer).not.toContain('INTERNAL_SERVER_ERROR');
      expect(!status.startsWith('5') || answer.includes('OVERLOADED')).toBe(true);
      expect(captured.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
    }),
    propertyParameters(2_000),
  );
  process.stdout.write(`${JSON.stringify(statuses)}\n`);
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '405', '415']));
  const { status, body: answer } = await gateway.query('{ imageSets(first: 1) { nodes { id } } }');
  expect([status, answer.errors]).toEqual([200, undefined]);
});
