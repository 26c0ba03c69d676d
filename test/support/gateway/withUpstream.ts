import { GatewayError } from '../../../src/errors.ts';
import type { HealthImaging, SearchPage } from '../../../src/healthimaging/api.ts';
import { createClient, type ClientOptions } from '../../../src/healthimaging/sdk/client.ts';
import { withResilience, type ResilienceOptions } from '../../../src/healthimaging/calls/resilient.ts';
import { createSdkHealthImaging } from '../../../src/healthimaging/sdk/sdkHealthImaging.ts';
import { datastoreId } from '../upstream/fakeHealthImaging.ts';
import { startFaultServer, type Fault, type FaultServer } from '../upstream/faultServer.ts';

export interface Upstream {
  readonly server: FaultServer;
  readonly api: HealthImaging;
  readonly close: () => Promise<void>;
}

export interface UpstreamOptions extends ResilienceOptions {
  readonly client?: Partial<ClientOptions>;
}

/** The whole adapter, the real SDK in it, over a scripted upstream. */
export async function startUpstream(
  options: UpstreamOptions,
  ...faults: readonly [Fault, ...Fault[]]
): Promise<Upstream> {
  const { client: clientOptions, ...resilience } = options;
  const server = await startFaultServer(...faults);
  const client = createClient({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDSYNTHETIC', secretAccessKey: 'synthetic' },
    ...clientOptions,
  });
  return {
    server,
    api: withResilience(createSdkHealthImaging(client), resilience),
    async close() {
      client.destroy();
      await server.close();
    },
  };
}

/** A signal as a request has it: aborted at the deadline, by an error that says so. */
export function deadline(milliseconds: number): AbortSignal & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
  }, milliseconds);
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
    },
  });
}

export interface SearchOptions {
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly deadlineMs?: number;
}

export async function search(
  api: HealthImaging,
  { nextToken, maxResults = 50, deadlineMs = 4_000 }: SearchOptions = {},
): Promise<SearchPage> {
  using signal = deadline(deadlineMs);
  const request = { datastoreId, criteria: {}, maxResults, ...(nextToken !== undefined && { nextToken }) };
  return await api.searchImageSets(request, { signal });
}

/** The error of work that must fail with one of ours. */
export async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('Expected a failure.');
}
