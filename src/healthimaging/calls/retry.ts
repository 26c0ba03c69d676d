import type { ErrorCode, GatewayError } from '../../errors.ts';
import { isClockCorrected } from '../sdk/failure.ts';
import { retryAfterOf } from '../sdk/retryAfter.ts';

/** Kinds of failure after which another try may succeed within the same call. */
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
  /** Each call pays in a tenth of a retry. */
  deposit(): void;
  /** Takes a retry out, if there is one left for this kind. */
  withdraw(kind: RetryKind): boolean;
}

const perCall = 0.1;

/**
 * Retries that can be saved up. Broken connections open the breaker after a few calls; throttles do not, so fewer of
 * their retries are kept: where everything is throttled, 20 calls make 25 tries at the most.
 */
const savings = { transport: 10, throttle: 3 } as const satisfies Record<RetryKind, number>;

/** One budget for all calls: beyond a small reserve, at most a tenth of the calls is tried again. */
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

/** Whether to wait longer is for the client to decide. */
const longestDelayMs = 5_000;

/**
 * Exponential backoff with full jitter, but no less than HealthImaging asked for.
 * @param retries made so far
 * @param random from 0 to 1
 * @returns milliseconds; undefined where HealthImaging asks for more than a call should wait
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
