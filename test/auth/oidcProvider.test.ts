import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { startOidcProvider, type OidcProvider } from '../support/tokens/oidcProvider.ts';
import { startTestGateway, type GraphqlAnswer, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';

const audience = 'https://images.example/graphql';
const minute = 60_000;

let provider: OidcProvider;
let local: Local;
let gateway: TestGateway;
let ahead = 0;

async function startGateway(): Promise<TestGateway> {
  return startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    environment: { AUTH_ISSUER: provider.issuer, AUTH_AUDIENCE: audience, AUDIT: 'off' },
    now: () => frozen + ahead,
  });
}

let frozen = 0;
beforeEach(async () => {
  // The provider's advice for its operators.
  jest.spyOn(console, 'warn').mockReturnValue();
  jest.spyOn(console, 'info').mockReturnValue();
  // Frozen, so that ages are exact; tokens are issued at about this time.
  frozen = Date.now();
  ahead = 0;
  local = await withLocal({ imageSets: manyImageSets(1) });
  provider = await startOidcProvider({ audience, scope: 'system/ImagingStudy.rs' });
  provider.useKeys('one');
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
  await local.close();
});

function search(token: string): Promise<GraphqlAnswer> {
  return gateway.query('{ imageSets { nodes { version } } }', undefined, {
    authorization: `Bearer ${token}`,
  });
}

const accepted = [200, { data: { imageSets: { nodes: [{ version: 1 }] } } }];

async function outcome(token: string): Promise<unknown[]> {
  const { status, body } = await search(token);
  const codes = body.errors?.map(({ extensions }) => extensions.code);
  return [status, codes ?? body];
}

/** A request that starts the fetch of new keys does not wait for it. */
async function outcomeAfterRefresh(token: string, asked: number): Promise<unknown[]> {
  while (provider.keysAsked() === asked) await outcome(token);
  for (;;) {
    const latest = await outcome(token);
    if (latest[0] !== 200) return latest;
  }
}

describe('tokens of an OpenID provider', () => {
  test('are accepted with the keys that its discovery document leads to', async () => {
    gateway = await startGateway();
    const token = await provider.token();
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as unknown;
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: 'one' });
    expect(await outcome(token)).toEqual(accepted);
  });

  test('are accepted when signed with a new key, 30 seconds after the last fetch', async () => {
    gateway = await startGateway();
    expect(await outcome(await provider.token())).toEqual(accepted);
    provider.useKeys('two', 'one');
    const token = await provider.token();
    ahead = 29_999;
    expect(await outcome(token)).toEqual([401, ['UNAUTHENTICATED']]);
    ahead = 30_000;
    expect(await outcome(token)).toEqual(accepted);
    expect(provider.keysAsked()).toBe(2);
  });

  test('are refused once the key that signed them is withdrawn and a minute has passed', async () => {
    gateway = await startGateway();
    const token = await provider.token();
    expect(await outcome(token)).toEqual(accepted);
    provider.useKeys('two');
    ahead = minute - 1;
    expect(await outcome(token)).toEqual(accepted);
    expect(provider.keysAsked()).toBe(1);
    ahead = minute;
    expect(await outcomeAfterRefresh(token, 1)).toEqual([401, ['UNAUTHENTICATED']]);
    expect(await outcome(await provider.token())).toEqual(accepted);
  });

  test('are accepted for exactly ten minutes of an outage, and again when it is over', async () => {
    gateway = await startGateway();
    const token = await provider.token();
    expect(await outcome(token)).toEqual(accepted);
    provider.setDown(true);
    for (const at of [minute, 5 * minute, 10 * minute - 1]) {
      ahead = at;
      expect(await outcome(token)).toEqual(accepted);
    }
    ahead = 10 * minute;
    const refused = await search(token);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.headers.get('www-authenticate')).toBeNull();
    expect(refused.body.errors?.map(({ extensions }) => [extensions.code, extensions.retryable])).toEqual([
      ['AUTHENTICATION_UNAVAILABLE', true],
    ]);
    provider.setDown(false);
    // A second after the latest try, which is this request's or that of the one before.
    ahead += 998;
    expect(await outcome(token)).toEqual([503, ['AUTHENTICATION_UNAVAILABLE']]);
    ahead += 2;
    expect(await outcome(token)).toEqual(accepted);
  });

  test('signed during an outage with a new key are refused as "try again", not as "not valid"', async () => {
    gateway = await startGateway();
    expect(await outcome(await provider.token())).toEqual(accepted);
    provider.useKeys('two', 'one');
    const token = await provider.token();
    provider.setDown(true);
    ahead = minute;
    expect(await outcome(token)).toEqual([503, ['AUTHENTICATION_UNAVAILABLE']]);
  });

  test('are accepted after a start during an outage, once it is over', async () => {
    const token = await provider.token();
    provider.setDown(true);
    gateway = await startGateway();
    expect(await outcome(token)).toEqual([503, ['AUTHENTICATION_UNAVAILABLE']]);
    provider.setDown(false);
    ahead = 1_000;
    expect(await outcome(token)).toEqual(accepted);
  });

  test('are refused when they were issued for another audience', async () => {
    gateway = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment: { AUTH_ISSUER: provider.issuer, AUTH_AUDIENCE: 'https://other.example', AUDIT: 'off' },
    });
    expect(await outcome(await provider.token())).toEqual([401, ['UNAUTHENTICATED']]);
  });
});
