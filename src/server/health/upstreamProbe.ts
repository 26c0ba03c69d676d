import { GatewayError, type ErrorCode } from '../../errors.ts';

/** With these the service has answered: it can be reached. */
const reachable: ReadonlySet<ErrorCode> = new Set([
  'UPSTREAM_THROTTLED',
  'UPSTREAM_ACCESS_DENIED',
  'NOT_FOUND',
]);

export interface ProbeOptions {
  /** Any cheap read; rejects with a GatewayError. */
  readonly read: (signal: AbortSignal) => Promise<unknown>;
  /** How long a result stands, in milliseconds: an orchestrator that asks often costs few calls. */
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Whether HealthImaging can be reached: at most one call in flight, and one each `maxAgeMs`. */
export function createUpstreamProbe({
  read,
  maxAgeMs,
  timeoutMs,
  now,
}: ProbeOptions): () => Promise<boolean> {
  let latest: { readonly at: number; readonly isReachable: Promise<boolean> } | undefined;

  async function probe(): Promise<boolean> {
    try {
      await read(AbortSignal.timeout(timeoutMs));
      return true;
    } catch (error) {
      // Anything else is a fault of the gateway, not of the upstream.
      if (!(error instanceof GatewayError)) throw error;
      return reachable.has(error.code);
    }
  }

  return () => {
    if (latest === undefined || now() - latest.at >= maxAgeMs) latest = { at: now(), isReachable: probe() };
    return latest.isReachable;
  };
}
