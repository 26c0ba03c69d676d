/** An account's allowance for one operation. */
export interface Rate {
  /** Calls a second; `Infinity`: unlimited. */
  readonly perSecond: number;
  /** Calls at once after a rest; at least 1. */
  readonly burst: number;
}

export const unlimited: Rate = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

export interface TokenBucket {
  /** Takes a token if there is one. */
  take(): boolean;
  /**
   * Milliseconds until a call has its token, 0 when it has it now.
   * @param ahead calls that go before it
   */
  waitMs(ahead: number): number;
  /** Upstream says that even this pace was too fast. */
  throttled(retryAfterMs: number | undefined): void;
}

/** Others may use the same account: after a throttle the pace is halved, and a tenth of it comes back each second. */
const slowest = 0.1;
const recoveryPerMs = 0.1 / 1000;
/** A longer pause is not kept blindly: after it a call shows whether it is still asked for. */
const longestPauseMs = 4_000;
/** Calls sent before the slow-down took hold are throttled too: they tell nothing new. */
const settlingMs = 1000;

/** @param now milliseconds of a clock that never goes back */
export function createTokenBucket({ perSecond, burst }: Rate, now: () => number): TokenBucket {
  const perMs = perSecond / 1000;
  const capacity = Math.max(burst, 1);
  let tokens = capacity;
  let pace = 1;
  let pausedUntil = 0;
  let countedAt = now();
  let slowedAt = Number.NEGATIVE_INFINITY;

  const refill = () => {
    const at = now();
    const from = Math.max(countedAt, Math.min(pausedUntil, at));
    if (perMs === Number.POSITIVE_INFINITY) tokens = capacity;
    else tokens = Math.min(capacity, tokens + (at - from) * perMs * pace);
    pace = Math.min(1, pace + (at - countedAt) * recoveryPerMs);
    countedAt = at;
    return at;
  };

  return {
    take() {
      const at = refill();
      if (at < pausedUntil || tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    waitMs(ahead) {
      const at = refill();
      const paused = Math.max(pausedUntil - at, 0);
      const missing = ahead + 1 - tokens;
      return Math.ceil(missing <= 0 ? paused : paused + missing / (perMs * pace));
    },
    throttled(retryAfterMs) {
      const at = refill();
      pausedUntil = Math.max(pausedUntil, at + Math.min(retryAfterMs ?? 0, longestPauseMs));
      if (perMs === Number.POSITIVE_INFINITY) return;
      tokens = Math.min(tokens, 0);
      if (at - slowedAt < settlingMs) return;
      pace = Math.max(pace / 2, slowest);
      slowedAt = at;
    },
  };
}
