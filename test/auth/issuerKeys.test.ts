import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errors } from 'jose';

import { discoveryUrls } from '../../src/auth/issuerDocuments.ts';
import { createIssuerKeys, type IssuerKeys } from '../../src/auth/issuerKeys.ts';
import { GatewayError } from '../../src/errors.ts';
import { captureLog } from '../support/capturedLog.ts';
import { answerOf, published, startTestIssuer, type TestIssuer } from '../support/tokens/testIssuer.ts';

const discovery = '/.well-known/openid-configuration';
const oauthDiscovery = '/.well-known/oauth-authorization-server';
const start = Date.UTC(2026, 10, 24);
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const key = published(privateKey, 'one');

let issuer: TestIssuer;
let now: number;
let outcomes: string[];
const log = captureLog();

beforeEach(async () => {
  issuer = await startTestIssuer([key]);
  now = start;
  outcomes = [];
  log.clear();
});
afterEach(() => issuer.close());

function createKeys(
  own: { readonly jwksUrl?: string; readonly issuer?: string; readonly timeoutMs?: number } = {},
) {
  return createIssuerKeys({
    issuer: issuer.url,
    jwksUrl: undefined,
    fetch,
    now: () => now,
    log: log.log,
    metrics: { countIssuerKeys: (outcome) => outcomes.push(outcome) },
    ...own,
  });
}

/** `found`, `no such key`, or the code of the error. */
async function find(keys: IssuerKeys, kid = 'one'): Promise<string> {
  try {
    await keys.keyOf({ alg: 'ES256', kid }, { payload: '', signature: '' });
    return 'found';
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'no such key';
    if (error instanceof errors.JOSEError) return error.message;
    return error instanceof GatewayError ? error.code : String(error);
  }
}

function send(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

describe('where the keys are', () => {
  test('is in the discovery document', async () => {
    expect(await find(createKeys())).toBe('found');
    expect(issuer.asked).toEqual([discovery, '/keys']);
  });

  test('is the configured URL, without discovery', async () => {
    expect(await find(createKeys({ jwksUrl: `${issuer.url}/keys` }))).toBe('found');
    expect(issuer.asked).toEqual(['/keys']);
  });

  test("is in RFC 8414's document, where there is no other", async () => {
    issuer.answer = (path, response) => {
      if (path === oauthDiscovery) send(response, { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` });
      else if (path === discovery) send(response, {}, 404);
      else answerOf(issuer, path, response);
    };
    expect(await find(createKeys())).toBe('found');
    expect(issuer.asked).toEqual([discovery, oauthDiscovery, '/keys']);
  });

  test.each([
    [
      'https://id.example',
      'https://id.example/.well-known/openid-configuration',
      'https://id.example/.well-known/oauth-authorization-server',
    ],
    [
      'https://id.example/realms/hospital/',
      'https://id.example/realms/hospital/.well-known/openid-configuration',
      'https://id.example/.well-known/oauth-authorization-server/realms/hospital',
    ],
  ])('the documents of %s', (of, openId, oauth) => {
    expect(discoveryUrls(of)).toEqual([openId, oauth]);
  });
});

describe('answers that bring no keys', () => {
  const document = (own: object) => (path: string, response: ServerResponse) => {
    if (path === discovery) send(response, { issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...own });
    else answerOf(issuer, path, response);
  };
  const keySet =
    (body: unknown, status?: number, headers?: object) => (path: string, response: ServerResponse) => {
      if (path === '/keys') send(response, body, status, headers);
      else answerOf(issuer, path, response);
    };
  const secret: JsonWebKey = { ...privateKey.export({ format: 'jwk' }), kid: 'one' };
  const cases: readonly (readonly [string, string, TestIssuer['answer']])[] = [
    ['another issuer in the document', 'other_issuer', document({ issuer: 'https://evil.example' })],
    [
      'a slash behind the issuer',
      'other_issuer',
      (...given) => document({ issuer: `${issuer.url}/` })(...given),
    ],
    ['no issuer in the document', 'other_issuer', document({ issuer: undefined })],
    ['keys over http elsewhere', 'insecure_keys_url', document({ jwks_uri: 'http://id.example/keys' })],
    ['keys in a file', 'insecure_keys_url', document({ jwks_uri: 'file:///etc/passwd' })],
    ['keys with a password', 'insecure_keys_url', document({ jwks_uri: 'https://a:b@id.example/keys' })],
    ['no place of keys', 'insecure_keys_url', document({ jwks_uri: undefined })],
    ['a redirect', 'status', keySet('', 302, { location: '/keys?again' })],
    ['a fault', 'status', keySet({ keys: [key] }, 500)],
    ['HTML', 'not_json', keySet('<html>')],
    ['null', 'not_json', keySet('null')],
    ['no set', 'no_key_set', keySet({})],
    ['a set of texts', 'no_key_set', keySet({ keys: ['key'] })],
    ['300 KB', 'too_large', keySet({ keys: [key], filler: 'x'.repeat(300_000) })],
    ['a connection cut', 'unreachable', (_path, response) => response.destroy()],
  ];
  test.each(cases)('%s: %s', async (_title, reason, answer) => {
    issuer.answer = answer;
    expect(await find(createKeys())).toBe('AUTHENTICATION_UNAVAILABLE');
    expect(outcomes).toEqual([reason]);
    expect(log.lines().map((line) => line['reason'])).toEqual([reason]);
    expect(log.text()).not.toContain(new URL(issuer.url).host);
    expect(issuer.asked).not.toContain('/keys?again');
  });

  test('an issuer that does not respond is given up after the time limit, for discovery and keys together', async () => {
    issuer.answer = (path, response) => {
      if (path === discovery) answerOf(issuer, path, response);
    };
    expect(await find(createKeys({ timeoutMs: 100 }))).toBe('AUTHENTICATION_UNAVAILABLE');
    expect(outcomes).toEqual(['timeout']);
  });

  test('a private key in the set is not used', async () => {
    issuer.keys = [secret];
    expect(await find(createKeys())).toMatch(/must be public keys/);
  });

  test('a key that cannot be imported is not used, and the others of the set are', async () => {
    issuer.keys = [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken' }, key];
    const keys = createKeys();
    expect([await find(keys, 'broken'), await find(keys)]).toEqual(['The key cannot be imported', 'found']);
  });

  test('a set without keys is used as it is: then no token is valid', async () => {
    const keys = createKeys();
    expect(await find(keys)).toBe('found');
    issuer.keys = [];
    now += 60_000;
    await find(keys);
    await find(keys, 'wait for the fetch');
    expect(await find(keys)).toBe('no such key');
  });
});

describe('fetches', () => {
  const keysAsked = () => issuer.asked.filter((path) => path === '/keys').length;

  test('are shared by the requests that wait for them', async () => {
    const keys = createKeys();
    keys.prefetch();
    const all = await Promise.all(Array.from({ length: 50 }, () => find(keys)));
    expect([new Set(all), keysAsked()]).toEqual([new Set(['found']), 1]);
  });

  test('start at most once in 30 seconds, however many key ids are made up', async () => {
    const keys = createKeys();
    await find(keys);
    for (let second = 1; second <= 120; second += 1) {
      now = start + second * 1_000;
      await Promise.all(Array.from({ length: 5 }, (_, each) => find(keys, `made-up-${second}-${each}`)));
    }
    expect(keysAsked()).toBe(5);
  });

  test('start at most once in 30 seconds during an outage, while the keys fetched before are used', async () => {
    const keys = createKeys();
    await find(keys);
    issuer.answer = (_path, response) => response.destroy();
    const asked = issuer.asked.length;
    for (let second = 60; second < 180; second += 1) {
      now = start + second * 1_000;
      expect(await find(keys)).toBe('found');
      expect(await find(keys, 'new')).toBe('AUTHENTICATION_UNAVAILABLE');
    }
    expect(issuer.asked.length - asked).toBe(4);
  });

  test('start again when the clock was set back, and keys from the future are not used', async () => {
    const keys = createKeys();
    await find(keys);
    now = start - 3_600_000;
    issuer.answer = (_path, response) => response.destroy();
    expect(await find(keys)).toBe('AUTHENTICATION_UNAVAILABLE');
  });
});

test("a fault of the gateway during a fetch is an error in the log, and not counted as the issuer's", async () => {
  const keys = createIssuerKeys({
    issuer: issuer.url,
    jwksUrl: undefined,
    fetch,
    now: () => now,
    log: log.log,
    metrics: {
      countIssuerKeys(outcome) {
        outcomes.push(outcome);
        if (outcome === 'fetched') throw new TypeError('of the gateway');
      },
    },
  });
  await find(keys);
  expect(outcomes).toEqual(['fetched', 'internal_error']);
  expect(log.lines()).toEqual([
    {
      level: 50,
      time: expect.any(Number),
      code: 'INTERNAL_SERVER_ERROR',
      err: { type: 'TypeError', at: expect.any(Array) },
      msg: 'internal error',
    },
  ]);
});
