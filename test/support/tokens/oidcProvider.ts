import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import Provider, { type JWK } from 'oidc-provider';

import { listening } from '../http/listening.ts';

/** oidc-provider, a certified OpenID provider, on loopback: its tokens are those of the real world. */
export interface OidcProvider {
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** How often its keys were asked for. */
  keysAsked(): number;
  /** Signs with the first of these key ids from now on, and publishes all of them. */
  useKeys(...kids: readonly string[]): void;
  /** Answers nothing: connections are cut. */
  setDown(down: boolean): void;
  /** By client_credentials, for the audience. */
  token(): Promise<string>;
  close(): Promise<void>;
}

export interface OidcProviderOptions {
  readonly audience: string;
  readonly scope: string;
}

const client = { id: 'viewer', secret: 'a-secret-of-the-tests-only' };

export async function startOidcProvider({ audience, scope }: OidcProviderOptions): Promise<OidcProvider> {
  const keys = new Map<string, JWK>();
  let provider: Provider | undefined;
  let down = false;
  let keysAsked = 0;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') keysAsked += 1;
    if (down || provider === undefined) request.socket.destroy();
    else void provider.callback()(request, response);
  });
  const { url: issuer, close } = await listening(server);

  function keyOf(kid: string): JWK {
    const known = keys.get(kid);
    if (known !== undefined) return known;
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' });
    const key = { ...jwk, kid, use: 'sig', alg: 'RS256' } as JWK;
    keys.set(kid, key);
    return key;
  }

  const resourceServer = {
    scope,
    audience,
    accessTokenTTL: 7_200,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'RS256' as const } },
  };
  return {
    issuer,
    keysAsked: () => keysAsked,
    useKeys(...kids) {
      provider = new Provider(issuer, {
        jwks: { keys: kids.map(keyOf) },
        scopes: [scope],
        clients: [
          {
            client_id: client.id,
            client_secret: client.secret,
            grant_types: ['client_credentials'],
            redirect_uris: [],
            response_types: [],
            scope,
          },
        ],
        features: {
          devInteractions: { enabled: false },
          clientCredentials: { enabled: true },
          resourceIndicators: {
            enabled: true,
            defaultResource: () => audience,
            getResourceServerInfo: () => resourceServer,
          },
        },
      });
    },
    setDown(isDown) {
      down = isDown;
    },
    async token() {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource: audience }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`No token: status ${response.status}.`);
      return token;
    },
    close,
  };
}
