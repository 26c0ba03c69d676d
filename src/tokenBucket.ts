/** How many calls of one operation an account may make. */
export interface Rate {
  /** Calls a second; `Infinity`: unlimited. */
  readonly perSecond: number;
  /** Calls at once after a pause; at least 1. */
  readonly burst: number;
}

export const unlimited: Rate = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

/** Rate tokens, one a call: they come at the account's rate, and as many as its burst are kept. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  take(): boolean;
  /**
   * Milliseconds until there is a token for a call; 0 where it is there now.
   * @param ahead calls that take theirs first
   */
  waitMs(ahead: number): number;
  /**
   * The service throttled a call: the bucket pauses, and then fills more slowly.
   * @param retryAfterMs the pause that the service asks for, if any
   */
  slowDown(retryAfterMs: number | undefined): void;
}

/** A throttle at the account's own rate shows that others use the account: the pace is halved, but never below this. */
const slowestPace = 0.1;
/** The pace regains a tenth of the full rate each second. */
const recoveryPerMs = 0.1 / 1000;
/** The service may ask for more. After this long a call finds out whether it still throttles. */
const longestPauseMs = 4_000;
/** Calls that were in flight at the slow-down are throttled too: those do not halve the pace again. */
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
    slowDown(retryAfterMs) {
      const at = refill();
      pausedUntil = Math.max(pausedUntil, at + Math.min(retryAfterMs ?? 0, longestPauseMs));
      if (perMs === Number.POSITIVE_INFINITY) return;
      tokens = Math.min(tokens, 0);
      if (at - slowedAt < settlingMs) return;
      pace = Math.max(pace / 2, slowestPace);
      slowedAt = at;
    },
  };
}
