import { once } from 'node:events';
import { request as open, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  audience,
  createTokenWorld,
  frozenNow,
  nowSeconds,
  skewSeconds,
  type TokenParts,
  type TokenWorld,
} from '../support/tokens/tokenWorld.ts';
import { captureLog } from '../support/capturedLog.ts';
import { signers } from '../support/tokens/signToken.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

const origin = 'https://viewer.example';
const bare = 'Bearer realm="healthimaging-graphql"';
const invalid = `${bare}, error="invalid_token", error_description="The access token is not valid for this graph"`;
const search = '{ imageSets { nodes { version } } }';
const found = { data: { imageSets: { nodes: [{ version: 1 }] } } };

let world: TokenWorld;
let local: Local;
let gateway: TestGateway;
const log = captureLog();

beforeAll(async () => {
  world = await createTokenWorld();
  local = await withLocal({ imageSets: manyImageSets(1) });
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: {
      AUTH_ISSUER: world.issuer.url,
      AUTH_AUDIENCE: audience,
      AUTH_ALGORITHMS: 'RS256,ES256,PS256',
      AUTH_CLOCK_SKEW_S: String(skewSeconds),
      CORS_ORIGINS: origin,
      AUDIT: 'off',
    },
    now: () => frozenNow,
    log: log.log,
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
  await world.issuer.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly body: GraphqlResult;
}

/** Sends the headers exactly as given, also the same one twice. */
async function send(authorization: readonly string[], body: string | undefined = query()): Promise<Answer> {
  const sent = open(gateway.url, {
    method: 'POST',
    agent: false,
    headers: [
      ...['host', new URL(gateway.url).host, 'content-type', 'application/json', 'connection', 'close'],
      ...['content-length', String(Buffer.byteLength(body))],
      ...authorization.flatMap((value) => ['authorization', value]),
    ],
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode,
    challenge: answer.headers['www-authenticate'],
    body: (await json(answer)) as GraphqlResult,
  };
}

function query(): string {
  return JSON.stringify({ query: search });
}

async function outcome(authorization: readonly string[]): Promise<unknown[]> {
  const { status, challenge } = await send(authorization);
  return [status, challenge];
}

describe('tokens that are accepted', () => {
  const curve = (): TokenParts => ({
    header: { alg: 'ES256', kid: 'curve' },
    signer: signers.es256(world.keys.curve),
  });
  const cases: readonly (readonly [string, () => TokenParts])[] = [
    ['typ at+jwt', () => ({ header: { typ: 'at+jwt' } })],
    ['typ application/at+jwt, of any case', () => ({ header: { typ: 'Application/AT+JWT' } })],
    ['typ JWT', () => ({ header: { typ: 'JWT' } })],
    ['no typ', () => ({ header: { typ: undefined } })],
    ['no kid, where one key fits', () => ({ ...curve(), header: { alg: 'ES256', kid: undefined } })],
    ['ES256', curve],
    [
      'PS256, where it is allowed',
      () => ({ header: { alg: 'PS256' }, signer: signers.ps256(world.keys.first) }),
    ],
    ['an audience among others', () => ({ claims: { aud: ['other', audience] } })],
    ['an end a second within the skew', () => ({ claims: { exp: nowSeconds - skewSeconds + 1 } })],
    ['a beginning just at the skew', () => ({ claims: { nbf: nowSeconds + skewSeconds } })],
    ['issued just at the skew', () => ({ claims: { iat: nowSeconds + skewSeconds } })],
    ['times with fractions', () => ({ claims: { exp: nowSeconds + 0.5, iat: nowSeconds - 0.5 } })],
    ['no time of issue', () => ({ claims: { iat: undefined } })],
    [
      'the marks of an access token',
      () => ({ claims: { token_use: 'access', typ: 'Bearer', azp: 'viewer' } }),
    ],
  ];
  test.each(cases)('%s', async (_title, parts) => {
    const { status, body } = await send([`Bearer ${world.token(parts())}`]);
    expect([status, body]).toEqual([200, found]);
  });

  test('the scheme is case-insensitive, and may be followed by several spaces', async () => {
    expect((await send([`bEARER   ${world.token()}`])).body).toEqual(found);
  });
});

describe('requests without a token', () => {
  test.each([
    ['no header', []],
    ['an empty header', ['']],
    ['the scheme alone', ['Bearer']],
    ['another scheme', ['Basic dXNlcjpwYXNzd29yZA==']],
    ['a scheme whose name begins alike', ['BearerX token']],
  ])('%s: 401 with the bare challenge', async (_title, authorization) => {
    expect(await outcome(authorization)).toEqual([401, bare]);
  });

  test('a token of the DPoP scheme is not a bearer token', async () => {
    expect(await outcome([`DPoP ${world.token()}`])).toEqual([401, bare]);
  });

  test('a token in the query or in the body is not used', async () => {
    const token = world.token();
    const parameters = new URLSearchParams({ query: search, access_token: token });
    const inQuery = await fetch(`${gateway.url}?${parameters.toString()}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    const inBody = await send([], JSON.stringify({ query: search, access_token: token }));
    const inForm = await fetch(gateway.url, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
    });
    expect([inQuery.status, inBody.status, inForm.status]).toEqual([401, 401, 401]);
    expect(log.text()).not.toContain(token);
  });

  test('GET and HEAD are refused like POST', async () => {
    const url = `${gateway.url}?${new URLSearchParams({ query: search }).toString()}`;
    const headers = { 'apollo-require-preflight': 'true' };
    const statuses = await Promise.all(
      ['GET', 'HEAD'].map(async (method) => (await fetch(url, { method, headers })).status),
    );
    expect(statuses).toEqual([401, 401]);
  });
});

describe('requests with too much authorization', () => {
  test('two Authorization headers are refused, even if both are valid', async () => {
    const bearer = `Bearer ${world.token()}`;
    expect(await outcome([bearer, bearer])).toEqual([401, invalid]);
    expect(await outcome([bearer, 'Basic dXNlcjpwYXNzd29yZA=='])).toEqual([401, invalid]);
  });

  test('a token of 300 KB is refused by the HTTP parser', async () => {
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${'x'.repeat(300_000)}`, 'content-type': 'application/json' },
      body: query(),
    });
    expect([answer.status, (await answer.text()).length < 2_048]).toEqual([431, true]);
  });
});

describe('a refusal', () => {
  test('is sent before the body has arrived', async () => {
    const sent = open(gateway.url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': '200000' },
    });
    sent.flushHeaders();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    sent.destroy();
    expect(answer.statusCode).toBe(401);
  });

  test("has GraphQL's form, whatever the body", async () => {
    for (const body of [query(), 'not JSON', '']) {
      const answer = await send([], body);
      const { requestId, ...extensions } = answer.body.errors?.[0]?.extensions ?? {};
      expect([requestId, { ...answer.body.errors?.[0], extensions }]).toEqual([
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        {
          message: 'Expected a valid access token in the Authorization header, after the word Bearer.',
          extensions: { code: 'UNAUTHENTICATED', retryable: false },
        },
      ]);
    }
  });

  test('can be read by pages of allowed origins, including the challenge', async () => {
    const { status, headers } = await fetch(gateway.url, { method: 'POST', headers: { origin } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    expect(headers.get('access-control-expose-headers')).toContain('www-authenticate');
  });
});

describe('what needs no access token', () => {
  const ask = async (path: string, init?: RequestInit) =>
    (await fetch(new URL(path, gateway.url), init)).status;

  test('health, readiness and metrics', async () => {
    expect([await ask('/healthz'), await ask('/readyz'), await ask('/metrics')]).toEqual([200, 200, 200]);
  });

  test("a browser's preflight, which cannot have one", async () => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    };
    expect(await ask('/graphql', { method: 'OPTIONS', headers })).toBe(204);
  });

  test('the explore page, but not an operation that asks for HTML', async () => {
    const html = { accept: 'text/html' };
    expect(await ask('/graphql', { headers: html })).toBe(200);
    expect(await ask('/graphql', { method: 'POST', headers: html, body: query() })).toBe(401);
  });

  test('nothing at /graphql where there is no explore page', async () => {
    await using without = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment: {
        AUTH_ISSUER: world.issuer.url,
        AUTH_AUDIENCE: audience,
        GRAPHQL_UI: 'off',
        AUDIT: 'off',
      },
    });
    const { status } = await fetch(`${without.url}?query={__typename}`, { headers: { accept: 'text/html' } });
    expect(status).toBe(401);
  });
});

test('without an issuer, requests are accepted with or without a token', async () => {
  await using anonymous = await startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId] });
  const headers = { authorization: 'Bearer anything' };
  expect((await anonymous.query(search)).body).toEqual(found);
  expect((await anonymous.query(search, undefined, headers)).body).toEqual(found);
});
