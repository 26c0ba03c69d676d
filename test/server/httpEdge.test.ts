import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { answerTo, json, type Sent } from '../support/http/exactRequest.ts';
import { sendRaw } from '../support/http/rawRequest.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

let local: Local;
let gateway: TestGateway;

function start(environment: Record<string, string>): Promise<TestGateway> {
  return startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId], environment });
}

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(60) });
  gateway = await start({});
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

const canary = 'CANARY';
const query = JSON.stringify({ query: '{ __typename }' });
const answered = { data: { __typename: 'Query' } };

async function result(sent: Sent): Promise<unknown> {
  const { status, body } = await answerTo(gateway.gateway.url, sent);
  const parsed = JSON.parse(body.toString('utf8')) as GraphqlResult;
  expect(body.toString('utf8')).not.toContain(canary);
  return [status, parsed.data ?? parsed.errors?.[0]?.extensions.code];
}

const accepted = [200, answered.data];
const bad = (status: number) => [status, 'BAD_REQUEST'];

describe('a request over HTTP', () => {
  test.each<[string, Sent, unknown]>([
    ['JSON', { body: query }, accepted],
    [
      'JSON in UTF-8',
      { headers: { 'content-type': 'application/json; charset=utf-8' }, body: query },
      accepted,
    ],
    [
      'JSON in UTF-8, in capitals and quotes',
      { headers: { 'content-type': 'Application/JSON; Charset="UTF-8"' }, body: query },
      accepted,
    ],
    [
      'JSON with another parameter',
      { headers: { 'content-type': 'application/json; profile="x"; charset=UTF-8' }, body: query },
      accepted,
    ],
    [
      'the encoding identity',
      { headers: { ...json, 'content-encoding': 'identity' }, body: query },
      accepted,
    ],
    [
      'UTF-16',
      {
        headers: { 'content-type': 'application/json; charset=utf-16' },
        body: Buffer.from(query, 'utf16le'),
      },
      bad(415),
    ],
    [
      'Latin 1',
      { headers: { 'content-type': 'application/json; charset=ISO-8859-1' }, body: query },
      bad(415),
    ],
    [
      'two charsets',
      { headers: { 'content-type': 'application/json; charset=utf-8; charset=utf-16' }, body: query },
      bad(415),
    ],
    ['gzip', { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(query) }, bad(415)],
    [
      'text/plain, as any page may send it',
      { headers: { 'content-type': 'text/plain' }, body: query },
      bad(415),
    ],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' },
      bad(415),
    ],
    [
      'a form with files',
      { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      bad(415),
    ],
    [
      'text/plain that mentions JSON',
      { headers: { 'content-type': 'text/plain; application/json' }, body: query },
      bad(415),
    ],
    [
      'two content types in one',
      { headers: { 'content-type': 'application/json, text/plain' }, body: query },
      bad(415),
    ],
    [
      'GraphQL as a media type',
      { headers: { 'content-type': 'application/graphql' }, body: '{ __typename }' },
      bad(415),
    ],
    ['no content type', { headers: {}, body: query }, bad(415)],
    ['nothing at all', { headers: {}, body: '' }, bad(400)],
    ['an empty body', { body: '' }, bad(400)],
    ['broken JSON', { body: `{"query":"${canary}` }, bad(400)],
    ['JSON after JSON', { body: `${query}${query}` }, bad(400)],
    ['a list', { body: `[${query}]` }, bad(400)],
    ['a text', { body: `"${canary}"` }, bad(400)],
    ['null', { body: 'null' }, bad(400)],
    ['a query that is no text', { body: `{"query":{"kind":"Document","x":"${canary}"}}` }, bad(400)],
    ['variables that are a list', { body: `{"query":"{ __typename }","variables":["${canary}"]}` }, bad(400)],
    ['a name that is no text', { body: `{"query":"{ __typename }","operationName":7}` }, bad(400)],
    ['an own prototype', { body: `{"query":"{ __typename }","__proto__":{"x":"${canary}"}}` }, bad(400)],
    [
      'an own prototype in the variables',
      { body: `{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}` },
      bad(400),
    ],
    ['a constructor', { body: `{"query":"{ __typename }","constructor":{"prototype":{"x":1}}}` }, bad(400)],
    [
      'a key twice, of which the last counts',
      { body: `{"query":"{ ${canary} }","query":"{ __typename }"}` },
      accepted,
    ],
    ['100,000 nested lists', { body: '['.repeat(100_000) }, bad(400)],
    ['more than 256 KB', { body: `{"query":"${'x'.repeat(262_144)}"}` }, bad(413)],
    [
      'more than 256 KB, of a length that is not told',
      { headers: { ...json, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(262_145) },
      bad(413),
    ],
    [
      'a GET that any page could send',
      { method: 'GET', headers: {}, path: '/graphql?query={__typename}' },
      bad(400),
    ],
    [
      'a GET with a header that only a program sends',
      { method: 'GET', headers: { 'apollo-require-preflight': '1' }, path: '/graphql?query={__typename}' },
      accepted,
    ],
    [
      'a GET with the name of the operation in a header',
      { method: 'GET', headers: { 'x-apollo-operation-name': 'x' }, path: '/graphql?query={__typename}' },
      accepted,
    ],
    [
      'a GET of text/plain',
      { method: 'GET', headers: { 'content-type': 'text/plain' }, path: '/graphql?query={__typename}' },
      bad(400),
    ],
    [
      'a GET with two queries',
      { method: 'GET', headers: json, path: '/graphql?query={__typename}&query={x}' },
      bad(400),
    ],
    [
      'a GET with broken variables',
      { method: 'GET', headers: json, path: `/graphql?query={__typename}&variables={${canary}` },
      bad(400),
    ],
    [
      'a media type that is not made here',
      { headers: { ...json, accept: 'image/png' }, body: query },
      bad(406),
    ],
    ['a URL that is none', { path: `/%zz${canary}`, body: query }, bad(400)],
    ['another place', { path: `/${canary}`, body: query }, bad(404)],
  ])('%s', async (_title, sent, expected) => {
    expect(await result(sent)).toEqual(expected);
  });

  test('a mutation over GET is refused', async () => {
    const path = `/graphql?query=${encodeURIComponent('mutation { __typename }')}`;
    const [, outcome] = (await result({ method: 'GET', headers: json, path })) as unknown[];
    expect(['BAD_REQUEST', 'GRAPHQL_VALIDATION_FAILED']).toContain(outcome);
  });

  test('60,000 nested lists as a representation crash nothing', async () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const body = `{"query":"query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }","variables":{"r":[${deep}]}}`;
    await answerTo(gateway.gateway.url, { body });
    expect(await result({ body: query })).toEqual(accepted);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE'])(
    '%s is not allowed, and the allowed methods are named',
    async (method) => {
      const { status, headers, body } = await answerTo(gateway.gateway.url, { method, headers: {} });
      expect([
        status,
        headers['allow'],
        (JSON.parse(body.toString('utf8')) as GraphqlResult).errors?.[0]?.message,
      ]).toEqual([405, 'GET, POST, OPTIONS', 'Expected one of the methods that the Allow header names.']);
    },
  );

  test('OPTIONS names the allowed methods, and allows no other origin', async () => {
    const { status, headers, body } = await answerTo(gateway.gateway.url, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000' },
    });
    expect([status, headers['allow'], headers['access-control-allow-origin'], body.length]).toEqual([
      204,
      'GET, POST, OPTIONS',
      undefined,
      0,
    ]);
  });

  test('HEAD has a response without a body', async () => {
    const health = await answerTo(gateway.gateway.url, { method: 'HEAD', headers: {}, path: '/healthz' });
    const graph = await answerTo(gateway.gateway.url, {
      method: 'HEAD',
      headers: { 'apollo-require-preflight': '1' },
      path: '/graphql?query={__typename}',
    });
    expect([
      health.status,
      health.body.length,
      graph.status,
      graph.headers['allow'],
      graph.body.length,
    ]).toEqual([200, 0, 405, 'GET, POST', 0]);
  });
});

describe("bytes that are no request are refused in GraphQL's form", () => {
  test.each([
    ['no HTTP', `${canary}\r\n\r\n`, 400],
    [
      'no host',
      'POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
      400,
    ],
    ['a host that is none', 'GET /graphql HTTP/1.1\r\nhost: [\r\nconnection: close\r\n\r\n', 400],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
      400,
    ],
    [
      'a length and chunks',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers of 40 KB', `GET /graphql HTTP/1.1\r\nhost: x\r\nx: ${canary.repeat(7_000)}\r\n\r\n`, 431],
    ['a URL of 40 KB', `GET /graphql?query=${canary.repeat(7_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ])('%s', async (_title, bytes, status) => {
    const answer = await sendRaw(gateway.url, bytes);
    expect([
      answer.status,
      answer.headers['content-type'],
      answer.headers['cache-control'],
      answer.body.includes(canary),
    ]).toEqual([status, 'application/json; charset=utf-8', 'no-store', false]);
    expect(JSON.parse(answer.body)).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'BAD_REQUEST', retryable: false, requestId: answer.headers['x-request-id'] },
        },
      ],
    });
  });
});
