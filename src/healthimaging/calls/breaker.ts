import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';

import { GatewayError } from '../../errors.ts';

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before a trial, in milliseconds. */
  readonly halfOpenAfterMs: number;
}

export type BreakerState = 'closed' | 'half_open' | 'open';

export interface Breaker {
  /** The error of calls that may not go through now. */
  refusal(): GatewayError | undefined;
  /** @throws what the work throws, or a refusal */
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
 * Spares an upstream that does not answer, and its callers the wait. Only what concerns the connection counts: an answer
 * that refuses is an answer, and a caller that leaves says nothing of the upstream. While one call tries whether the
 * fault is over, the others are refused.
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
      // A trial that its caller left shows nothing; cockatiel knows no third way, so the breaker stays open.
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
