import { MedicalImagingClient, type MedicalImagingClientConfig } from '@aws-sdk/client-medical-imaging';

import { BoundedHttpHandler, type BoundedHttpHandlerOptions } from './boundedHttpHandler.ts';
import { readPlainJson } from './plainJson.ts';

type Credentials = NonNullable<MedicalImagingClientConfig['credentials']>;

export interface ClientOptions extends Partial<BoundedHttpHandlerOptions> {
  readonly region: string;
  /** In place of AWS's: `http(s)://host[:port][/path]`. It gets no `runtime-` host prefix. */
  readonly endpoint?: string;
  /** A profile of the shared configuration, for the SDK's standard chain. */
  readonly profile?: string;
  /** Instead of the standard chain. */
  readonly credentials?: Credentials;
  /** Sends requests unsigned: for the embedded HealthImaging, never for AWS. */
  readonly anonymous?: boolean;
}

const defaults: BoundedHttpHandlerOptions = {
  connectTimeoutMs: 1_000,
  attemptTimeoutMs: 3_000,
  maximumSockets: 100,
  maximumResponseBytes: 16_777_216,
};

const awsHost = /(^|\.)amazonaws\.com(\.cn)?$|\.api\.aws$/;
/** AWS's regional endpoint, given explicitly: its image set operations still need the `runtime-` host. */
const awsServiceHost = /^medical-imaging(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/**
 * The SDK's client for HealthImaging, with one attempt a call (`calls/` tries again, within rates and a budget), every
 * wait bounded, and responses parsed as plain JSON.
 * @throws {TypeError} where the endpoint is not an http(s) URL, or `anonymous` is asked for with AWS
 */
export function createClient(options: ClientOptions): MedicalImagingClient {
  const { region, profile, credentials, anonymous = false } = options;
  const endpoint = options.endpoint === undefined ? undefined : parseEndpoint(options.endpoint);
  if (anonymous && (endpoint === undefined || awsHost.test(endpoint.hostname))) {
    throw new TypeError("anonymous: expected only with an endpoint that is not AWS's.");
  }
  const { connectTimeoutMs, attemptTimeoutMs, maximumSockets, maximumResponseBytes } = {
    ...defaults,
    ...options,
  };
  const client = new MedicalImagingClient({
    region,
    maxAttempts: 1,
    requestHandler: new BoundedHttpHandler({
      connectTimeoutMs,
      attemptTimeoutMs,
      maximumSockets,
      maximumResponseBytes,
    }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    ...(endpoint !== undefined && {
      endpoint: endpoint.href.replace(/\/+$/, ''),
      disableHostPrefix: !awsServiceHost.test(endpoint.hostname),
    }),
    ...(anonymous && unsigned),
  });
  // Even without a logger it walks every response to redact what it then does not print: a fifth of a page's time.
  client.middlewareStack.remove('loggerMiddleware');
  readPlainJson(client);
  return client;
}

function parseEndpoint(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new TypeError('endpoint: expected an http:// or https:// URL without query or fragment.');
  }
  return url;
}

const noAuth = 'smithy.api#noAuth';

const unsigned = {
  httpAuthSchemes: [
    {
      schemeId: noAuth,
      identityProvider: () => () => Promise.resolve({}),
      signer: { sign: <Request>(request: Request) => Promise.resolve(request) },
    },
  ],
  httpAuthSchemeProvider: () => [{ schemeId: noAuth }],
} satisfies MedicalImagingClientConfig;
