import { GatewayError, type ErrorCode } from '../errors.ts';

/** An answer that is a refusal is an answer all the same: the service is there. */
const reachable: ReadonlySet<ErrorCode> = new Set([
  'UPSTREAM_THROTTLED',
  'UPSTREAM_ACCESS_DENIED',
  'NOT_FOUND',
]);

export interface ProbeOptions {
  /** Any cheap read; rejects with a GatewayError. */
  readonly read: (signal: AbortSignal) => Promise<unknown>;
  /** How long an answer stands, so that probes of an orchestrator cost few calls, in milliseconds. */
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Whether HealthImaging answers: at most one call in flight, and one per `maxAgeMs`. */
export function createUpstreamProbe({
  read,
  maxAgeMs,
  timeoutMs,
  now,
}: ProbeOptions): () => Promise<boolean> {
  let latest: { readonly at: number; readonly answers: Promise<boolean> } | undefined;

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
    if (latest === undefined || now() - latest.at >= maxAgeMs) latest = { at: now(), answers: probe() };
    return latest.answers;
  };
}
