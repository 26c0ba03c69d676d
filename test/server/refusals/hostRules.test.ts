import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { answerTo } from '../../support/http/exactRequest.ts';
import { sendRaw } from '../../support/http/rawRequest.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

const sandbox = 'https://studio.apollographql.com';

let local: Local;
let plain: TestGateway;
let named: TestGateway;
let everywhere: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  const start = (environment: Readonly<Record<string, string>>) =>
    startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId], environment });
  plain = await start({ CORS_ORIGINS: sandbox });
  named = await start({ ALLOWED_HOSTS: 'Graph.example.com, 10.0.0.7' });
  everywhere = await start({ HOST: '0.0.0.0', AUTH: 'none' });
});
afterAll(async () => {
  for (const gateway of [plain, named, everywhere]) await gateway[Symbol.asyncDispose]();
  await local.close();
});

/** The status of a query, and whether it brought data. */
async function ask(gateway: TestGateway, headers: Record<string, string>): Promise<[number, boolean]> {
  const { port } = new URL(gateway.url);
  const { status, body } = await answerTo(`http://127.0.0.1:${port}`, {
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ __typename }"}',
  });
  return [status, body.toString().includes('"data"')];
}

const answered = [200, true] as const;

describe('on loopback without authentication, a Host is taken', () => {
  test.each([
    'localhost',
    'LOCALHOST:4000',
    'localhost.:80',
    'graph.localhost',
    '127.0.0.1',
    '127.8.9.10:4000',
    '[::1]:4000',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
  ])('that names this machine: %s', async (host) => {
    expect(await ask(plain, { host })).toEqual(answered);
  });

  test.each([
    'example.org',
    'example.org:4000',
    'localhost.example.org',
    '127.0.0.1.example.org',
    '10.0.0.7',
    '[2001:db8::1]',
    '0.0.0.0',
  ])('that is another’s never: %s', async (host) => {
    expect(await ask(plain, { host })).toEqual([421, false]);
    const { status } = await answerTo(plain.gateway.url, {
      method: 'GET',
      path: '/metrics',
      headers: { host },
    });
    expect(status).toBe(421);
  });

  test.each(['user@localhost', 'localhost:80:80', 'local host', '[', 'a/b', ''])(
    'that is none never: %j',
    async (host) => {
      const { status } = await sendRaw(
        plain.url,
        `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(status).toBe(400);
    },
  );

  test('that a proxy passes on never: only that of the request counts', async () => {
    expect(await ask(plain, { host: 'example.org', 'x-forwarded-host': 'localhost' })).toEqual([421, false]);
  });
});

describe('on loopback without authentication, an Origin is taken', () => {
  test.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:5173', sandbox])(
    '%s',
    async (origin) => {
      expect(await ask(plain, { origin })).toEqual(answered);
    },
  );

  test.each([
    ...['https://example.org', 'null', 'http://localhost.example.org', 'file://', 'localhost'],
    ...['foo://localhost', 'moz-extension://localhost', 'ws://localhost'],
  ])('never: %s', async (origin) => {
    expect(await ask(plain, { origin })).toEqual([403, false]);
  });

  test('that CORS_ORIGINS names, with its preflight, and does not become a Host', async () => {
    const preflight = await answerTo(plain.gateway.url, {
      method: 'OPTIONS',
      headers: { origin: sandbox, 'access-control-request-method': 'POST' },
    });
    expect([
      preflight.status,
      preflight.headers['access-control-allow-origin'],
      preflight.headers['allow'],
    ]).toEqual([204, sandbox, 'GET, POST, OPTIONS']);
    expect(await ask(plain, { host: 'studio.apollographql.com' })).toEqual([421, false]);
  });
});

describe('ALLOWED_HOSTS', () => {
  test.each(['graph.example.com', 'GRAPH.example.com:8080', '10.0.0.7:4000', 'localhost'])(
    'names what is taken besides this machine: %s',
    async (host) => {
      expect(await ask(named, { host, origin: `http://${host.toLowerCase()}` })).toEqual(answered);
    },
  );

  test('leaves others out', async () => {
    expect(await ask(named, { host: 'example.org' })).toEqual([421, false]);
    expect(await ask(named, { origin: 'https://example.org' })).toEqual([403, false]);
  });

  test('is not needed beyond loopback, where any Host is taken', async () => {
    expect(await ask(everywhere, { host: 'example.org', origin: 'https://example.org' })).toEqual(answered);
  });
});

describe('a request over HTTP/1.0 without Host, as load balancers and monitors send it,', () => {
  test.each([
    ['GET /healthz', 200],
    ['HEAD /healthz', 200],
    ['GET /readyz', 200],
    ['OPTIONS /', 204],
    ['OPTIONS *', 204],
  ])('is answered: %s', async (line, status) => {
    for (const gateway of [plain, named]) {
      const answer = await sendRaw(gateway.url, `${line} HTTP/1.0\r\n\r\n`);
      expect([answer.status, answer.headers['allow']]).toEqual([
        status,
        status === 204 ? 'GET, POST, OPTIONS' : undefined,
      ]);
    }
  });

  test('is answered by the graph', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ __typename }')}`;
    const answer = await sendRaw(plain.url, `GET ${path} HTTP/1.0\r\napollo-require-preflight: 1\r\n\r\n`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  test('is refused from a page', async () => {
    const answer = await sendRaw(plain.url, 'GET /healthz HTTP/1.0\r\nOrigin: http://localhost\r\n\r\n');
    expect(answer.status).toBe(403);
  });
});

test.each([
  ['two of them', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost'],
  ['two of them over HTTP/1.0', 'GET /healthz HTTP/1.0\r\nHost: localhost\r\nhost: a'],
  ['none over HTTP/1.1', 'GET /healthz HTTP/1.1'],
])('a Host is refused: %s', async (_what, head) => {
  const { status, body } = await sendRaw(plain.url, `${head}\r\nConnection: close\r\n\r\n`);
  expect([status, body.includes('BAD_REQUEST')]).toEqual([400, true]);
  expect(body).toContain('Expected one Host header, with the name of a host.');
});

test.each([
  ['http://example.org/healthz', 421],
  ['HTTP://EXAMPLE.org:80/healthz', 421],
  ['http://localhost:80/healthz', 200],
])('a target that names a host counts, whatever Host says: %s', async (target, expected) => {
  const head = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  expect((await sendRaw(plain.url, head)).status).toBe(expected);
});

test.each([
  ['a tunnel', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  [
    'an expectation',
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nContent-Length: 2\r\n\r\n',
    417,
  ],
])('%s is refused with an answer that says so', async (_what, request, expected) => {
  const { status, headers, body } = await sendRaw(plain.url, request);
  expect([status, headers['connection'], JSON.parse(body)]).toEqual([
    expected,
    'close',
    {
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'BAD_REQUEST', retryable: false, requestId: headers['x-request-id'] },
        },
      ],
    },
  ]);
});

describe('a method that is not known is 405, and the methods are named', () => {
  test.each(['FOO', 'get', 'PROPFIND', 'QUERY', 'PURGE', 'DELETE'])('%s', async (method) => {
    const head = `${method} /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const { status, headers } = await sendRaw(plain.url, head);
    expect([status, headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
  });

  test('but not where there is nothing, nor for bytes that are no request', async () => {
    const nothing = 'PROPFIND /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect((await sendRaw(plain.url, nothing)).status).toBe(404);
    expect((await sendRaw(plain.url, '\u0016\u0003\u0001\r\n\r\n')).status).toBe(400);
  });
});
