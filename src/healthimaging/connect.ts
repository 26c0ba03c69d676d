import type { Log } from '../log/log.ts';
import type { Rate } from '../tokenBucket.ts';
import type { HealthImaging, Operation } from './api.ts';
import { withHealthReport } from './calls/healthReport.ts';
import { withResilience, type UpstreamMetrics } from './calls/resilient.ts';
import { createClient } from './sdk/client.ts';
import { createSdkHealthImaging } from './sdk/sdkHealthImaging.ts';

export interface ConnectionOptions {
  readonly datastoreIds: readonly string[];
  readonly region: string;
  /** Left out: AWS's own endpoint of the region. */
  readonly endpoint?: string;
  /** The embedded HealthImaging takes unsigned requests. */
  readonly embedded: boolean;
  readonly rates: Readonly<Record<Operation, Rate>>;
  readonly metrics: UpstreamMetrics;
  readonly log: Log;
}

/** HealthImaging through the SDK: paced, retried, behind a breaker, and its health in the log. */
export function connectHealthImaging(options: ConnectionOptions): {
  readonly api: HealthImaging;
  readonly close: () => void;
} {
  const { datastoreIds, region, endpoint, embedded, rates, metrics, log } = options;
  const client = createClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(embedded && { anonymous: true }),
  });
  const resilient = withResilience(createSdkHealthImaging(client), { rates, metrics, datastoreIds });
  return { api: withHealthReport(resilient, { log, datastoreIds }), close: () => client.destroy() };
}
