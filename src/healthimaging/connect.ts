import type { HealthImaging, Operation } from './api.ts';
import { withResilience, type UpstreamMetrics } from './calls/resilient.ts';
import { createClient } from './sdk/client.ts';
import { createSdkHealthImaging } from './sdk/sdkHealthImaging.ts';
import type { Rate } from '../tokenBucket.ts';

export interface ConnectionOptions {
  readonly region: string;
  /** Left out: AWS's own endpoint of the region. */
  readonly endpoint?: string;
  /** The embedded HealthImaging takes unsigned requests. */
  readonly embedded: boolean;
  readonly rates: Readonly<Record<Operation, Rate>>;
  readonly metrics: UpstreamMetrics;
}

/** HealthImaging through the SDK, paced, retried and behind a breaker. */
export function connectHealthImaging({ region, endpoint, embedded, rates, metrics }: ConnectionOptions): {
  readonly api: HealthImaging;
  readonly close: () => void;
} {
  const client = createClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(embedded && { anonymous: true }),
  });
  const api = withResilience(createSdkHealthImaging(client), { rates, metrics });
  return { api, close: () => client.destroy() };
}
