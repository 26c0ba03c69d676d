import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet } from 'jose';

import { createAuthenticate, type Authenticate } from '../../src/auth/authenticate.ts';
import { GatewayError } from '../../src/errors.ts';
import { signers } from '../support/tokens/signToken.ts';
import { hostileTokens } from '../support/tokens/hostileTokens.ts';
import {
  audience,
  canarySubject,
  createTokenWorld,
  frozenNow,
  nowSeconds,
  skewSeconds,
  type TokenWorld,
} from '../support/tokens/tokenWorld.ts';

let world: TokenWorld;
let authenticate: Authenticate;

/** Selects among given keys; how they are fetched is tested with issuerKeys. */
function authenticating(own: Partial<Parameters<typeof createAuthenticate>[0]> = {}): Authenticate {
  return createAuthenticate({
    issuer: world.issuer.url,
    audiences: ['other', audience],
    algorithms: ['RS256', 'ES256'],
    clockSkewSeconds: skewSeconds,
    keyOf: createLocalJWKSet({ keys: world.issuer.keys.map((key) => ({ ...key, kty: key.kty ?? '' })) }),
    now: () => frozenNow,
    authorization: {
      datastoreIds: ['a'.repeat(32)],
      patientClaim: 'patient',
      datastoresClaim: undefined,
      tenantClaim: undefined,
    },
    ...own,
  });
}

beforeAll(async () => {
  world = await createTokenWorld();
  authenticate = authenticating();
});
afterAll(() => world.issuer.close());

describe('an access token that is valid', () => {
  test('names its subject, and grants what its scopes grant', async () => {
    expect(await authenticate(world.token())).toEqual({
      principal: {
        id: JSON.stringify([world.issuer.url, canarySubject]),
        tenant: '',
        issuer: world.issuer.url,
        subject: canarySubject,
        clientId: undefined,
        grant: { search: true, read: true, patientId: undefined, datastoreIds: ['a'.repeat(32)] },
      },
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['for more than this graph', { aud: ['another', audience] }],
    ['for the other name of this graph', { aud: 'other' }],
    ['over, within the skew', { exp: nowSeconds - skewSeconds + 1 }],
    ['not yet valid, within the skew', { nbf: nowSeconds + skewSeconds }],
    ['issued in the future, within the skew', { iat: nowSeconds + skewSeconds }],
    ['without a time of issue', { iat: undefined }],
    ['that ends at the end of the year 9999', { exp: 253_402_300_799 }],
    ['that says to be for access', { token_use: 'access', typ: 'Bearer' }],
  ])('may be %s', async (_title, claims) => {
    expect(await authenticate(world.token({ claims }))).toHaveProperty('principal.subject', canarySubject);
  });

  test('is signed by an algorithm that is allowed', async () => {
    const curve = world.token({
      header: { alg: 'ES256', kid: 'curve' },
      signer: signers.es256(world.keys.curve),
    });
    expect(await authenticate(curve)).toHaveProperty('principal.subject', canarySubject);
    expect(await authenticating({ algorithms: ['RS256'] })(curve)).toEqual({ reason: 'algorithm' });
  });
});

test('each hostile token is refused for its reason', async () => {
  const tokens = hostileTokens(world);
  expect(tokens.length).toBeGreaterThan(100);
  const found: [string, unknown][] = [];
  for (const [title, , token] of tokens) found.push([title, await authenticate(token)]);
  expect(found).toEqual(tokens.map(([title, reason]) => [title, { reason }]));
});

test('no key is looked up for a token of another issuer', async () => {
  let looked = 0;
  const counted = authenticating({
    keyOf: () => {
      looked += 1;
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE');
    },
  });
  expect(await counted(world.token({ claims: { iss: 'https://evil.example' } }))).toEqual({
    reason: 'issuer',
  });
  expect(looked).toBe(0);
  await expect(counted(world.token())).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
  expect(looked).toBe(1);
});

test('a fault of the gateway is thrown as it is, and is no reason to refuse a token', async () => {
  const fault = new TypeError('of the gateway');
  const throwing = () => {
    throw fault;
  };
  await expect(authenticating({ keyOf: throwing })(world.token())).rejects.toBe(fault);
  const authorization = {
    datastoreIds: [],
    datastoresClaim: undefined,
    tenantClaim: undefined,
    get patientClaim(): string {
      return throwing();
    },
  };
  await expect(authenticating({ authorization })(world.token())).rejects.toBe(fault);
});
