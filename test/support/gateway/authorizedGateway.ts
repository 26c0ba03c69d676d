import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import type { Environment } from '../../../src/config/config.ts';
import { signers, signToken } from '../tokens/signToken.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './testGateway.ts';
import { published, startTestIssuer } from '../tokens/testIssuer.ts';

export const audience = 'healthimaging-graphql';

export interface AuthorizedGateway extends TestGateway {
  /** The header of a token with these claims, beside those that every token needs. */
  bearer(claims: Readonly<Record<string, unknown>>): { readonly authorization: string };
}

/** A real gateway that takes the tokens of an issuer of its own. */
export async function startAuthorizedGateway(options: TestGatewayOptions): Promise<AuthorizedGateway> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = await startTestIssuer([published(privateKey, 'key-1', 'RS256')]);
  const environment: Environment = {
    AUDIT: 'off',
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: audience,
    ...options.environment,
  };
  const gateway = await startTestGateway({ ...options, environment });
  return {
    ...gateway,
    bearer: (claims) => ({
      authorization: `Bearer ${accessToken(privateKey, { iss: issuer.url, ...claims })}`,
    }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await issuer.close();
    },
  };
}

function accessToken(key: KeyObject, claims: Readonly<Record<string, unknown>>): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', kid: 'key-1', typ: 'at+jwt' };
  const payload: Readonly<Record<string, unknown>> = {
    ...{ aud: audience, sub: 'user-1', iat: now, exp: now + 600 },
    ...claims,
  };
  return signToken(header, payload, signers.rs256(key));
}
