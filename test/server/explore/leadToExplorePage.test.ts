import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let local: Local;
let gateway: TestGateway;
let withoutPage: TestGateway;

function start(environment: Record<string, string>): Promise<TestGateway> {
  return startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId], environment });
}

beforeAll(async () => {
  local = await withLocal();
  gateway = await start({});
  withoutPage = await start({ NODE_ENV: 'production' });
});

afterAll(async () => {
  for (const each of [gateway, withoutPage]) await each[Symbol.asyncDispose]();
  await local.close();
});

async function send({ url }: TestGateway, path: string, options: RequestInit) {
  const response = await fetch(new URL(path, url), { redirect: 'manual', ...options });
  return [response.status, response.headers.get('location')];
}

describe('at /', () => {
  test.each(['GET', 'HEAD'])('a browser is led to the explore page: %s', async (method) => {
    expect(await send(gateway, '/', { method, headers: browser })).toEqual([302, '/graphql']);
    expect(await send(gateway, '/?from=bookmark', { method, headers: browser })).toEqual([302, '/graphql']);
  });

  test('and arrives there', async () => {
    const response = await fetch(new URL('/', gateway.url), { headers: browser });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });

  test.each<[string, RequestInit]>([
    ['a client', { headers: { accept: 'application/json' } }],
    ['a client that takes anything', {}],
    ['a form', { method: 'POST', headers: browser }],
  ])('there is nothing for %s', async (_title, options) => {
    expect(await send(gateway, '/', options)).toEqual([404, null]);
  });

  test('there is nothing for a browser where there is no explore page, or at another path', async () => {
    expect(await send(withoutPage, '/', { headers: browser })).toEqual([404, null]);
    expect(await send(gateway, '/index.html', { headers: browser })).toEqual([404, null]);
  });
});
