import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../support/gateway/withLocal.ts';

const sandbox = 'https://studio.apollographql.com';
const foreign = 'https://example.org';

let local: Local;
let open: TestGateway;
let closed: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  const upstream = { endpoint: local.url, datastoreIds: [local.datastoreId] as const };
  open = await startTestGateway({
    ...upstream,
    environment: { CORS_ORIGINS: `${sandbox},http://localhost:5173` },
  });
  closed = await startTestGateway(upstream);
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
  await local.close();
});

/** Like Apollo Sandbox's preflight: JSON and a header of its own. */
function preflight(url: string, origin: string): Promise<Response> {
  return fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,apollographql-client-name',
    },
  });
}

const allowedOrigin = ({ headers }: { readonly headers: Headers }) =>
  headers.get('access-control-allow-origin');
const query = '{ __typename }';

describe('other origins', () => {
  test("Apollo Sandbox's preflight and its operations pass when its origin is allowed", async () => {
    const before = await preflight(open.url, sandbox);
    expect([before.status, allowedOrigin(before)]).toEqual([204, sandbox]);
    expect(before.headers.get('access-control-allow-methods')).toContain('POST');
    expect(before.headers.get('access-control-allow-headers')).toContain('apollographql-client-name');
    const answer = await open.query(query, undefined, { origin: sandbox });
    expect([answer.body, allowedOrigin(answer)]).toEqual([{ data: { __typename: 'Query' } }, sandbox]);
  });

  test('an allowed origin is named alone, never as a list or a star, and caches are told so by Vary', async () => {
    const answer = await open.query(query, undefined, { origin: 'http://localhost:5173' });
    expect(allowedOrigin(answer)).toBe('http://localhost:5173');
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  });

  test('an origin that is not allowed gets no header that would let a browser pass', async () => {
    const before = await preflight(open.url, foreign);
    const answer = await open.query(query, undefined, { origin: foreign });
    expect([allowedOrigin(before), allowedOrigin(answer)]).toEqual([null, null]);
  });

  test('none is allowed unless CORS_ORIGINS says so', async () => {
    const before = await preflight(closed.url, sandbox);
    const answer = await closed.query(query, undefined, { origin: sandbox });
    expect([allowedOrigin(before), allowedOrigin(answer)]).toEqual([null, null]);
  });

  test('credentials are never allowed: there are no cookies', async () => {
    const before = await preflight(open.url, sandbox);
    expect(before.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each([
    'authorization',
    'content-type',
    'apollo-require-preflight',
    'x-apollo-operation-name',
    'x-graphql-cost',
  ])('clients of an allowed origin may send %s, others not', async (header) => {
    const ask = async (origin: string) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': header,
      };
      const answer = await fetch(open.url, { method: 'OPTIONS', headers });
      return [allowedOrigin(answer), answer.headers.get('access-control-allow-headers')];
    };
    expect(await ask(sandbox)).toEqual([sandbox, header]);
    expect((await ask(foreign))[0]).toBeNull();
  });

  test('clients may read the request id, to report it', async () => {
    const answer = await open.query(query, undefined, { origin: sandbox });
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
  });
});
