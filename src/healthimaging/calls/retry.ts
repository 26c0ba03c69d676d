import type { ErrorCode, GatewayError } from '../../errors.ts';
import { isClockCorrected } from '../sdk/failure.ts';
import { retryAfterOf } from '../sdk/retryAfter.ts';

/** Kinds of failure that another try may mend within the same call. */
export type RetryKind = 'transport' | 'throttle';

const kindOfCode: Partial<Record<ErrorCode, RetryKind>> = {
  UPSTREAM_UNAVAILABLE: 'transport',
  UPSTREAM_TIMEOUT: 'transport',
  UPSTREAM_THROTTLED: 'throttle',
};

export function retryKindOf(error: GatewayError): RetryKind | undefined {
  return isClockCorrected(error) ? 'transport' : kindOfCode[error.code];
}

export interface RetryBudget {
  /** A call begins: it pays a tenth of a retry in. */
  deposit(): void;
  /** Takes a retry out, if there is one. */
  withdraw(kind: RetryKind): boolean;
}

const perCall = 0.1;

/**
 * Retries that can be saved up. A broken connection is seen by the breaker after a few calls; throttles are not, so of
 * their retries fewer are kept: when everything is throttled, 20 calls make 25 at the most.
 */
const savings = { transport: 10, throttle: 3 } as const satisfies Record<RetryKind, number>;

/** One budget for all calls of an upstream: retries are a tenth of the calls at most, beyond a small reserve. */
export function createRetryBudget(): RetryBudget {
  const left: Record<RetryKind, number> = { ...savings };
  return {
    deposit() {
      left.transport = Math.min(left.transport + perCall, savings.transport);
      left.throttle = Math.min(left.throttle + perCall, savings.throttle);
    },
    withdraw(kind) {
      if (left[kind] < 1) return false;
      left[kind] -= 1;
      return true;
    },
  };
}

const firstDelayMs = { transport: 50, throttle: 500 } as const satisfies Record<RetryKind, number>;

/** Longer waits are the client's to decide on. */
const longestDelayMs = 5_000;

/**
 * Exponential backoff with full jitter, never before the time that upstream asked for.
 * @param retries made so far
 * @param random from 0 to 1
 * @returns milliseconds; undefined when upstream asks for more than a call should wait
 */
export function retryDelayMs(
  kind: RetryKind,
  retries: number,
  error: GatewayError,
  random: number,
): number | undefined {
  const backoff = random * firstDelayMs[kind] * 2 ** retries;
  const delay = Math.max(backoff, retryAfterOf(error.cause) ?? 0);
  return delay <= longestDelayMs ? delay : undefined;
}
