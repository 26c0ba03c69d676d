import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { answerTo, json, type Sent } from '../support/http/exactRequest.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
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

const query = JSON.stringify({ query: '{ __typename }' });

describe('the headers of every response', () => {
  test.each<[string, Sent]>([
    ['data', { body: query }],
    ['a refusal of GraphQL', { body: '{"query":"{"}' }],
    ['a refusal of HTTP', { body: '{' }],
    ['what is not there', { path: '/nothing' }],
    ['a method that is not allowed', { method: 'PUT' }],
    ['health', { method: 'GET', path: '/healthz', headers: {} }],
    ['metrics', { method: 'GET', path: '/metrics', headers: {} }],
  ])('%s', async (_title, sent) => {
    const { headers } = await answerTo(gateway.gateway.url, sent);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': expect.any(String),
    });
    expect([headers['strict-transport-security'], headers['x-powered-by'], headers['server']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('compression', () => {
  const page = JSON.stringify({
    query: '{ imageSets(first: 60) { edges { cursor node { id imageSetId dicomTags { patientId } } } } }',
  });

  test.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip;q=1, br;q=0', 'gzip', gunzipSync],
  ])('of a page for who takes %s', async (accepts, encoding, decompress) => {
    const plain = await answerTo(gateway.gateway.url, { body: page });
    const { headers, body } = await answerTo(gateway.gateway.url, {
      body: page,
      headers: { ...json, 'accept-encoding': accepts },
    });
    expect([
      headers['content-encoding'],
      headers['vary'],
      plain.headers['vary'],
      plain.headers['content-encoding'],
    ]).toEqual([encoding, 'accept-encoding', 'accept-encoding', undefined]);
    const count = (content: Buffer) =>
      (JSON.parse(content.toString('utf8')) as { data: { imageSets: { edges: unknown[] } } }).data.imageSets
        .edges.length;
    expect([count(decompress(body)), count(plain.body)]).toEqual([60, 60]);
    expect(body.length).toBeLessThan(plain.body.length);
  });

  test('not of small responses, nor where it is off', async () => {
    const headers = { ...json, 'accept-encoding': 'gzip, br' };
    expect(
      (await answerTo(gateway.gateway.url, { body: query, headers })).headers['content-encoding'],
    ).toBeUndefined();
    await using off = await start({ COMPRESSION: 'off' });
    const answer = await answerTo(off.gateway.url, { body: page, headers });
    expect([answer.headers['content-encoding'], answer.headers['vary']]).toEqual([undefined, undefined]);
  });
});

describe('metrics reveal nothing of requests', () => {
  test('names of operations are not labels, since any name may be data', async () => {
    const named = (name: string) => gateway.query(`query ${name} { __typename }`);
    await named('SAMPLE_001');
    await named('Smith19700101');
    await named('A'.repeat(61));
    await named('LatestImages');
    const { body } = await answerTo(gateway.gateway.url, { method: 'GET', path: '/metrics', headers: {} });
    const labels = [...body.toString('utf8').matchAll(/operation_seconds_count\{operation="(\w*)"\}/g)].map(
      ([, label]) => label,
    );
    expect(labels).toEqual(['other']);
  });
});
