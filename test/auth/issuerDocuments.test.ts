import { describe, expect, test } from '@jest/globals';

import { fetchKeySet, IssuerFault, type IssuerAddress } from '../../src/auth/issuerDocuments.ts';

const issuer = 'https://id.example/realms/hospital';
const openId = `${issuer}/.well-known/openid-configuration`;
const oauth = 'https://id.example/.well-known/oauth-authorization-server/realms/hospital';
const keysUrl = 'https://keys.example/set';
const set = { keys: [] };

interface Asked {
  readonly url: unknown;
  readonly init: RequestInit | undefined;
}

/** A network with these documents alone: each is a response, or the error of its fetch. */
function net(documents: Readonly<Record<string, unknown>>) {
  const asked: Asked[] = [];
  const answer = (document: unknown): Response => {
    if (document instanceof Response) return document;
    if (document === undefined) return new Response('', { status: 404 });
    return new Response(typeof document === 'string' ? document : JSON.stringify(document));
  };
  const fetch: typeof globalThis.fetch = (url, init) => {
    asked.push({ url, init });
    const document = documents[String(url instanceof Request ? url.url : url)];
    return document instanceof Error ? Promise.reject(document) : Promise.resolve(answer(document));
  };
  return { fetch, asked, urls: () => asked.map(({ url }) => url) };
}

type Net = ReturnType<typeof net>;

const signal = new AbortController().signal;
const discovered: IssuerAddress = { issuer, jwksUrl: undefined };

/** The key set, or the reason why there is none. */
async function outcome({ fetch }: Net, address = discovered, until = signal): Promise<unknown> {
  try {
    return await fetchKeySet(address, { fetch, signal: until });
  } catch (error) {
    if (error instanceof IssuerFault) return error.reason;
    throw error;
  }
}

const document = (own: object = {}) => ({ issuer, jwks_uri: keysUrl, ...own });

describe('the keys of an issuer', () => {
  test('are requested as JSON, without following redirects, within the time limit', async () => {
    const internet = net({ [keysUrl]: set });
    expect(await outcome(internet, { issuer, jwksUrl: keysUrl })).toEqual(set);
    expect(internet.asked).toEqual([
      {
        url: keysUrl,
        init: {
          signal,
          headers: { accept: 'application/json, application/jwk-set+json' },
          redirect: 'manual',
        },
      },
    ]);
  });

  test('are where OpenID Connect Discovery says', async () => {
    const internet = net({ [openId]: document(), [keysUrl]: set });
    expect(await outcome(internet)).toEqual(set);
    expect(internet.urls()).toEqual([openId, keysUrl]);
  });

  test("are where RFC 8414's document says, where there is no OpenID Connect document", async () => {
    const internet = net({ [oauth]: document(), [keysUrl]: set });
    expect(await outcome(internet)).toEqual(set);
    expect(internet.urls()).toEqual([openId, oauth, keysUrl]);
  });

  test.each([
    ['a wrong document', 'other_issuer', document({ issuer: 'https://id.example' })],
    ['no JSON', 'not_json', 'keys'],
    ['no connection', 'unreachable', new TypeError('fetch failed')],
  ])('are not looked for elsewhere after %s', async (_title, reason, first) => {
    const internet = net({ [openId]: first, [oauth]: document(), [keysUrl]: set });
    expect(await outcome(internet)).toBe(reason);
    expect(internet.urls()).toEqual([openId]);
  });

  test('are not found where there is neither document', async () => {
    expect(await outcome(net({}))).toBe('status');
  });
});

describe('the URL of the keys in a document', () => {
  test.each([
    'https://keys.example/set',
    'http://localhost:8080/set',
    'http://127.0.0.1/set',
    'http://[::1]:8080/set',
  ])('%s is good', async (url) => {
    expect(await outcome(net({ [openId]: document({ jwks_uri: url }), [url]: set }))).toEqual(set);
  });

  test.each([
    'http://keys.example/set',
    'http://[2001:db8::1]/set',
    'http://127.0.0.1.keys.example/set',
    'ftp://127.0.0.1/set',
    'file:///etc/passwd',
    'https://somebody@keys.example/set',
    'https://:password@keys.example/set',
    'https://somebody:password@keys.example/set',
    '/set',
    '',
    undefined,
    7,
    ['https://keys.example/set'],
  ])('%j is not asked', async (url) => {
    const internet = net({ [openId]: document({ jwks_uri: url }), [String(url)]: set });
    expect(await outcome(internet)).toBe('insecure_keys_url');
    expect(internet.urls()).toEqual([openId]);
  });
});

describe('a response that is not a key set', () => {
  const keysAre = (answer: unknown) => outcome(net({ [keysUrl]: answer }), { issuer, jwksUrl: keysUrl });
  const sized = (bytes: number) =>
    JSON.stringify({ keys: [], filler: '' }).replace('""', `"${'x'.repeat(bytes - 23)}"`);

  test.each<[string, string, unknown]>([
    ['without content', 'status', new Response(null, { status: 204 })],
    ['created', 'status', new Response(JSON.stringify(set), { status: 201 })],
    ['a redirect', 'status', new Response('', { status: 302, headers: { location: '/elsewhere' } })],
    ['a fault', 'status', new Response(JSON.stringify(set), { status: 500 })],
    ['empty', 'not_json', new Response(null)],
    ['a number', 'not_json', '7'],
    ['null', 'not_json', 'null'],
    ['cut off', 'not_json', '{"keys":['],
    ['a list', 'no_key_set', '[]'],
    ['keys that are no list', 'no_key_set', { keys: {} }],
  ])('%s: %s', async (_title, reason, answer) => {
    expect(await keysAre(answer)).toBe(reason);
  });

  test('is not read once its status is seen', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    expect([await keysAre(new Response(body, { status: 503 })), cancelled]).toEqual(['status', true]);
  });

  test('is larger than 256 KB', async () => {
    expect(sized(262_144).length).toBe(262_144);
    expect(await keysAre(sized(262_144))).toMatchObject(set);
    expect(await keysAre(sized(262_145))).toBe('too_large');
  });

  test('is read no further than that, however long it is', async () => {
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    expect(await keysAre(new Response(endless))).toBe('too_large');
    expect(chunks).toBeLessThan(10);
  });

  test('did not come in time', async () => {
    const failure = Object.assign(new Error('over'), { name: 'TimeoutError' });
    const internet = net({ [keysUrl]: failure });
    expect(await outcome(internet, { issuer, jwksUrl: keysUrl }, AbortSignal.abort(failure))).toBe('timeout');
  });
});

test('a fault has a reason, and its cause for the log', async () => {
  const cause = new TypeError('fetch failed');
  const { fetch } = net({ [keysUrl]: cause });
  const fault = await fetchKeySet({ issuer, jwksUrl: keysUrl }, { fetch, signal }).catch(
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(IssuerFault);
  expect(fault).toMatchObject({
    name: 'IssuerFault',
    reason: 'unreachable',
    message: "The issuer's keys could not be fetched: unreachable.",
    cause,
  });
  const notJson = net({ [keysUrl]: 'keys' });
  await expect(
    fetchKeySet({ issuer, jwksUrl: keysUrl }, { fetch: notJson.fetch, signal }),
  ).rejects.toMatchObject({
    reason: 'not_json',
    cause: { name: 'SyntaxError' },
  });
});
