import { loadConfig, type Environment } from '../../../src/config/config.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { createLog } from '../../../src/log/log.ts';
import { datastoreId } from '../upstream/fakeHealthImaging.ts';
import type { GraphqlAnswer, GraphqlResult } from './testGateway.ts';

/** The SDK's standard chain takes them from here. */
export const awsCredentials = {
  AWS_ACCESS_KEY_ID: 'AKIDSYNTHETIC',
  AWS_SECRET_ACCESS_KEY: 'synthetic',
} as const;

export interface AwsGateway {
  readonly gateway: Gateway;
  readonly query: (document: string, variables?: Readonly<Record<string, unknown>>) => Promise<GraphqlAnswer>;
}

/** A real gateway as it stands before AWS, with every default: calls signed, and paced at an account's quotas. */
export async function startAwsGateway(endpoint: string, environment: Environment = {}): Promise<AwsGateway> {
  Object.assign(process.env, awsCredentials);
  const gateway = await createGateway({
    config: loadConfig({ PORT: '0', ...environment }),
    upstream: { datastoreIds: [datastoreId], region: 'us-east-1', endpoint, embedded: false },
    log: createLog({ level: 'silent', readable: false }),
  });
  return {
    gateway,
    query: (document, variables = {}) => postGraphql(`${gateway.url}/graphql`, document, variables),
  };
}

export async function postGraphql(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as GraphqlResult };
}
