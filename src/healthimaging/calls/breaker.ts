import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';

import { GatewayError } from '../../errors.ts';

export interface BreakerOptions {
  /** Consecutive failures that open it. */
  readonly failures: number;
  /** How long it stays open before a trial, in milliseconds. */
  readonly halfOpenAfterMs: number;
}

export type BreakerState = 'closed' | 'half_open' | 'open';

export interface Breaker {
  /** The error of a call that would be refused now; undefined where it would not be. */
  refusal(): GatewayError | undefined;
  /** @throws what the work throws, or the refusal */
  execute<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

const stateNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
} as const satisfies Record<CircuitState, BreakerState>;

type Outcome<Result> =
  { readonly result: Result; readonly counts: false } | { readonly error: unknown; readonly counts: boolean };

/**
 * While HealthImaging does not respond, refuses calls at once, which spares it the load and the callers the wait. Only
 * failures of the connection count: a response that refuses is a response, and a caller that leaves says nothing of
 * HealthImaging. After `halfOpenAfterMs` one call tries whether the fault is over; the others are refused meanwhile.
 */
export function createBreaker(
  { failures, halfOpenAfterMs }: BreakerOptions,
  setState?: (state: BreakerState) => void,
): Breaker {
  let openUntil = 0;
  const policy = circuitBreaker(
    handleWhenResult((outcome) => (outcome as Outcome<unknown>).counts),
    { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: halfOpenAfterMs },
  );
  policy.onBreak(() => {
    openUntil = Date.now() + halfOpenAfterMs;
  });
  policy.onStateChange((state) => setState?.(stateNames[state]));
  setState?.('closed');

  const refusal = () => {
    const untilTrial = openUntil - Date.now();
    const open = policy.state === CircuitState.Open && untilTrial > 0;
    if (!open && policy.state !== CircuitState.HalfOpen) return undefined;
    return new GatewayError('UPSTREAM_UNAVAILABLE', { retryAfterMs: open ? untilTrial : halfOpenAfterMs });
  };

  const observe = async <Result>(
    work: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Outcome<Result>> => {
    try {
      return { result: await work(), counts: false };
    } catch (error) {
      // The caller left a trial: that shows nothing, but cockatiel takes success or failure only. Failure keeps it open.
      const counts = signal.aborted ? policy.state === CircuitState.HalfOpen : isTransportFailure(error);
      return { error, counts };
    }
  };

  return {
    refusal,
    async execute(work, signal) {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      const outcome = await policy.execute(() => observe(work, signal));
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    },
  };
}

function isTransportFailure(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'UPSTREAM_TIMEOUT')
  );
}
