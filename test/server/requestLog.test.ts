import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { captureLog } from '../support/capturedLog.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

const registered = 'query Latest {\n  imageSets(first: 1) {\n    nodes {\n      imageSetId\n    }\n  }\n}';
const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: hash('sha256', registered), name: 'Latest', type: 'query', body: registered }],
};
const secret = 'SampleAda';

const captured = captureLog();
let directory: string;
let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'request-log-'));
  const SAFELIST_MANIFEST = join(directory, 'manifest.json');
  await writeFile(SAFELIST_MANIFEST, JSON.stringify(manifest));
  local = await withLocal({ imageSets: manyImageSets(3) });
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: { SAFELIST_MODE: 'audit', SAFELIST_MANIFEST },
    log: captured.log,
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
  await rm(directory, { recursive: true });
});

beforeEach(() => {
  captured.clear();
});

/** The line of the request, without what differs from run to run. */
async function lineOf(response: Response): Promise<object | undefined> {
  const requestId = response.headers.get('x-request-id');
  const isOurs = (line: Readonly<Record<string, unknown>>) =>
    line['requestId'] === requestId && line['msg'] === 'answered';
  // Written once the response is sent.
  while (!captured.lines().some(isOurs)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(captured.text()).not.toMatch(new RegExp(secret, 'i'));
  const { time, milliseconds, ...line } = captured.lines().find(isOurs) ?? {};
  expect([typeof time, typeof milliseconds]).toEqual(['number', 'number']);
  return { ...line, requestId: undefined, msg: undefined };
}

const info = 30;
const debug = 20;

function post(query: string, variables?: object): Promise<Response> {
  return fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
}

const answered = { level: info, method: 'POST', route: '/graphql', status: 200, operationType: 'query' };

test('an operation, by its name where that is registered', async () => {
  expect(await lineOf(await post(registered))).toEqual({ ...answered, operationName: 'Latest' });
  expect(await lineOf(await post(`query ${secret} { ${secret}: __typename }`))).toEqual(answered);
});

test('the codes of its errors, each once, and nothing of its values', async () => {
  const query = `query ($after: String) {
    a: imageSets(after: $after) { nodes { imageSetId } }
    b: imageSets(after: $after) { nodes { imageSetId } }
    imageSet(imageSetId: "${'0'.repeat(32)}") { imageSetId }
  }`;
  const line = await lineOf(await post(query, { after: secret }));
  expect(line).toEqual({ ...answered, errorCodes: expect.any(Array) });
  expect(line).toMatchObject({ errorCodes: expect.arrayContaining(['INVALID_CURSOR']) });
});

test('a request that is refused before it is an operation', async () => {
  const refused = { level: info, method: 'POST', route: '/graphql', status: 400 };
  expect(await lineOf(await post(`{ ${secret} `))).toEqual({
    ...refused,
    status: 200,
    errorCodes: ['GRAPHQL_PARSE_FAILED'],
  });
  const response = await fetch(gateway.url, { method: 'POST', body: secret });
  expect(await lineOf(response)).toEqual({ ...refused, status: 415, errorCodes: ['BAD_REQUEST'] });
});

test('a URL that is not there has no route', async () => {
  const response = await fetch(new URL(`/${secret}?${secret}`, gateway.url));
  expect(await lineOf(response)).toEqual({
    level: info,
    method: 'GET',
    status: 404,
    errorCodes: ['BAD_REQUEST'],
  });
});

test.each(['/healthz', '/readyz', '/metrics'])(
  '%s, which is asked for all the time, at debug',
  async (route) => {
    const response = await fetch(new URL(route, gateway.url));
    expect(await lineOf(response)).toEqual({ level: debug, method: 'GET', route, status: 200 });
  },
);
