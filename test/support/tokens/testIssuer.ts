import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';

import { listening } from '../http/listening.ts';

export interface TestIssuer {
  /** `iss` of its tokens. */
  readonly url: string;
  /** Paths that it was asked for, in order. */
  readonly asked: string[];
  /** What it publishes; may be changed at any time. */
  keys: readonly JsonWebKey[];
  /** Instead of its own answer; may be changed at any time. */
  answer: ((path: string, response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

/** An issuer's public side on loopback: discovery and keys. The tokens are the tests' own. */
export async function startTestIssuer(keys: readonly JsonWebKey[] = []): Promise<TestIssuer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.asked.push(path);
    if (issuer.answer !== undefined) issuer.answer(path, response);
    else answerOf(issuer, path, response);
  });
  const { url, close } = await listening(server);
  const issuer: TestIssuer = { url, asked: [], keys, answer: undefined, close };
  return issuer;
}

/** Its own answer. */
export function answerOf({ url, keys }: TestIssuer, path: string, response: ServerResponse): void {
  const document = {
    '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
    '/keys': { keys },
  }[path];
  response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document ?? {}));
}

/** The public half as a key set has it. */
export function published(key: KeyObject, kid: string, alg?: string): JsonWebKey {
  return {
    ...createPublicKey(key).export({ format: 'jwk' }),
    kid,
    use: 'sig',
    ...(alg !== undefined && { alg }),
  };
}
