import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';

import { createAuthenticate, type Authenticate } from '../../src/auth/authenticate.ts';
import { GatewayError } from '../../src/errors.ts';
import {
  audience,
  createTokenWorld,
  frozenNow,
  nowSeconds,
  skewSeconds,
  type TokenWorld,
} from '../support/tokens/tokenWorld.ts';

let world: TokenWorld;
let now = frozenNow;
let keySet: JWTVerifyGetKey;
let authenticate: Authenticate;

/** The issuer's keys, fetched anew; without those that are withdrawn. */
function fetchKeys(...withdrawn: readonly string[]): void {
  const keys = world.issuer.keys.filter(({ kid }) => !withdrawn.includes(String(kid)));
  keySet = createLocalJWKSet({ keys: keys.map((key) => ({ ...key, kty: key.kty ?? '' })) });
}

beforeAll(async () => {
  world = await createTokenWorld();
});
afterAll(() => world.issuer.close());
beforeEach(() => {
  now = frozenNow;
  fetchKeys();
  authenticate = createAuthenticate({
    issuer: world.issuer.url,
    audiences: [audience],
    algorithms: ['RS256', 'ES256'],
    clockSkewSeconds: skewSeconds,
    keyOf: (...request) => keySet(...request),
    now: () => now,
    authorization: {
      datastoreIds: ['a'.repeat(32)],
      patientClaim: 'patient',
      datastoresClaim: undefined,
      tenantClaim: undefined,
    },
  });
});

const principal = expect.objectContaining({ tenant: '' }) as unknown;

describe('a token that was accepted', () => {
  test('has the same principal again, and another token its own', async () => {
    const [one, other] = [world.token(), world.token({ claims: { client_id: 'other' } })];
    const outcomes = [];
    for (const token of [one, other, one, other]) outcomes.push(await authenticate(token));
    expect(outcomes[2]).toEqual(outcomes[0]);
    expect(outcomes[3]).toEqual(outcomes[1]);
    expect(outcomes[0]).not.toEqual(outcomes[1]);
  });

  test.each<[string, number, object]>([
    [
      'is accepted until the last second of its time',
      (nowSeconds + 300 + skewSeconds) * 1_000 - 1,
      { principal },
    ],
    ['is refused from then on', (nowSeconds + 300 + skewSeconds) * 1_000, { reason: 'expired' }],
    ['is accepted when the clock is set back a little', frozenNow - 5_000, { principal }],
    [
      'is refused when the clock is set back before its time',
      frozenNow - 60_000,
      { reason: 'not_yet_valid' },
    ],
  ])('%s', async (_what, then, outcome) => {
    const token = world.token();
    expect(await authenticate(token)).toEqual({ principal });
    now = then;
    expect(await authenticate(token)).toEqual(outcome);
  });

  test('is refused once its key is withdrawn, and accepted where keys are only fetched anew', async () => {
    const token = world.token();
    expect(await authenticate(token)).toEqual({ principal });
    fetchKeys('second');
    expect(await authenticate(token)).toEqual({ principal });
    fetchKeys('first');
    expect(await authenticate(token)).toEqual({ reason: 'key' });
  });

  test('is not accepted while the keys cannot be had', async () => {
    const token = world.token();
    expect(await authenticate(token)).toEqual({ principal });
    keySet = () => Promise.reject(new GatewayError('AUTHENTICATION_UNAVAILABLE'));
    await expect(authenticate(token)).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
  });

  test('makes no token right that has its claims and another signature', async () => {
    const token = world.token();
    expect(await authenticate(token)).toEqual({ principal });
    const [head = '', claims = ''] = token.split('.');
    const [, , signature = ''] = world.token({ claims: { client_id: 'other' } }).split('.');
    expect(await authenticate([head, claims, signature].join('.'))).toEqual({ reason: 'signature' });
  });
});

test('a token that was refused is refused again', async () => {
  const token = world.token({ claims: { aud: 'another' } });
  expect([await authenticate(token), await authenticate(token)]).toEqual([
    { reason: 'audience' },
    { reason: 'audience' },
  ]);
});
