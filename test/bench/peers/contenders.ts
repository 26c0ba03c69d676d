import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { awsCredentials } from '../../support/gateway/awsGateway.ts';
import { signers, signToken } from '../../support/tokens/signToken.ts';
import { published, startTestIssuer } from '../../support/tokens/testIssuer.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';

/** A server to be measured, and how it is started. */
export interface Contender {
  readonly name: string;
  readonly kind: 'graphql' | 'rest';
  readonly script: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Of every request to it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compresses: boolean;
}

/** In the order of the tables; the first is what the others are compared with. */
export const names = ['bare', 'apollo', 'yoga', 'mercurius', 'mesh', 'ours', 'ours-secured'] as const;
export type Name = (typeof names)[number];

/** Those whose packages are not the gateway's. */
export const installed: readonly Name[] = ['yoga', 'mercurius', 'mesh'];

export const meanings: Readonly<Record<Name, string>> = {
  bare: "the SDK's client behind a handler written by hand over node:http, which sends every field of its answer",
  apollo: 'Apollo Server 5, standalone',
  yoga: 'GraphQL Yoga over node:http',
  mercurius: 'Mercurius with jit',
  mesh: 'GraphQL Mesh over node:http, its source in the same process',
  ours: 'the gateway without authentication',
  'ours-secured': 'the gateway with access tokens, limits, and the audit in a file',
};

export interface Contenders extends AsyncDisposable {
  readonly of: (name: Name) => Contender;
}

export interface ContendersOptions {
  readonly upstream: string;
  /** The gateway's entry: from source, or as it is packed. */
  readonly gateway: string;
}

export async function createContenders({ upstream, gateway }: ContendersOptions): Promise<Contenders> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const issuer = await startTestIssuer([published(privateKey, 'key-1', 'RS256')]);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const key = () => randomBytes(32).toString('base64');
  const common = { ...awsCredentials, NODE_ENV: 'production', NODE_OPTIONS: '', HOME: folder };
  const ours: Contender = {
    ...{ name: 'ours', kind: 'graphql', script: gateway, words: ['serve'], headers: {}, compresses: true },
    environment: {
      ...common,
      PORT: '0',
      LOG_LEVEL: 'warn',
      HEALTHIMAGING_DATASTORE_IDS: datastoreId,
      HEALTHIMAGING_SEARCH_RATE: 'unlimited',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_MEDICAL_IMAGING: upstream,
      CURSOR_KEYS: key(),
    },
  };
  const secured: Contender = {
    ...ours,
    name: 'ours-secured',
    headers: { authorization: `Bearer ${accessToken(issuer.url, signers.rs256(privateKey))}` },
    environment: {
      ...ours.environment,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: audience,
      COST_PER_MINUTE: '1000000000',
      AUDIT_FILE: join(folder, 'audit.log'),
      AUDIT_CHAIN_KEY: key(),
      AUDIT_VALUES_KEY: key(),
    },
  };
  const peer = (name: Name): Contender => ({
    name,
    kind: name === 'bare' ? 'rest' : 'graphql',
    script: fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url)),
    words: [],
    headers: {},
    environment: { ...common, UPSTREAM: upstream },
    compresses: name === 'bare' || name === 'mercurius',
  });
  return {
    of: (name) => ({ ours, 'ours-secured': secured })[name as string] ?? peer(name),
    async [Symbol.asyncDispose]() {
      await issuer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const audience = 'healthimaging-graphql';

function accessToken(issuer: string, signer: Parameters<typeof signToken>[2]): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'RS256', kid: 'key-1', typ: 'at+jwt' };
  const payload = {
    ...{ iss: issuer, aud: audience, sub: 'user-1', client_id: 'bench', iat: now, exp: now + 86_400 },
    scope: 'user/ImagingStudy.rs',
  };
  return signToken(header, payload, signer);
}
