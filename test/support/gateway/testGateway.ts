import { loadConfig, type Environment } from '../../../src/config/config.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { createLog, type Log } from '../../../src/log/log.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: unknown;
  readonly extensions: {
    readonly code: string;
    readonly retryable: boolean;
    readonly retryAfterMs?: number;
    readonly requestId: string;
  };
}

export interface GraphqlResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[];
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphqlResult;
}

export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly gateway: Gateway;
  query(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphqlAnswer>;
}

export interface TestGatewayOptions {
  /** Of the HealthImaging behind it. */
  readonly endpoint: string;
  readonly datastoreIds: readonly [string, ...string[]];
  readonly environment?: Environment;
  readonly cursorKeys?: readonly Buffer[];
  /** Of tokens and keys, milliseconds since 1970; default: the machine's. */
  readonly now?: () => number;
  /** Default: true. */
  readonly projection?: boolean;
  /** Default: silent. */
  readonly log?: Log;
}

/** A real gateway on a free port, over HTTP and the real SDK. */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { endpoint, datastoreIds, environment, cursorKeys, now, projection, log } = options;
  const gateway = await createGateway({
    config: loadConfig({ PORT: '0', ...environment }),
    upstream: {
      datastoreIds,
      region: 'us-east-1',
      endpoint,
      embedded: true,
      ...(cursorKeys !== undefined && { cursorKeys }),
    },
    log: log ?? createLog({ level: 'silent', readable: false }),
    ...(now !== undefined && { now }),
    ...(projection !== undefined && { projection }),
  });
  const url = `${gateway.url}/graphql`;
  return {
    url,
    gateway,
    async query(query, variables, headers) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...(variables !== undefined && { variables }) }),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as GraphqlResult,
      };
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}
