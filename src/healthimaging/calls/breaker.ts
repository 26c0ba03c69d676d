import { GatewayError } from '../../errors.ts';

export interface BreakerOptions {
  /** Failed calls within the window that may open it. */
  readonly failures: number;
  /** The share of calls within the window that must have failed, from 0 to 1. */
  readonly failureShare: number;
  readonly windowMs: number;
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

/** The window is counted in parts, so that calls leave it one part at a time. */
const windowParts = 10;

/**
 * While HealthImaging does not respond, refuses calls at once, which spares it the load and the callers the wait. Only
 * failures of the connection count: a response that refuses is a response, and a caller that leaves says nothing of
 * HealthImaging. It opens by the share of the calls that failed, so that the few that get through do not keep it closed.
 * After `halfOpenAfterMs` one call tries whether the fault is over; the others are refused meanwhile. Where that caller leaves,
 * the trial passes to the next one. Not cockatiel's, which ends a trial in success or failure only, and goes by a clock that
 * may be set.
 * @param setState told of each state that it enters
 * @param now milliseconds of a clock that never goes back
 */
export function createBreaker(
  options: BreakerOptions,
  setState: (state: BreakerState) => void = () => undefined,
  now: () => number = () => performance.now(),
): Breaker {
  const { failures, failureShare, windowMs, halfOpenAfterMs } = options;
  const counted = createWindow(windowMs, now);
  let state: BreakerState = 'closed';
  let openUntil = 0;
  let isTrying = false;

  const enter = (next: BreakerState) => {
    state = next;
    setState(next);
  };
  enter('closed');

  const open = () => {
    openUntil = now() + halfOpenAfterMs;
    enter('open');
  };

  const refusal = () => {
    const untilTrial = openUntil - now();
    if (state === 'open' && untilTrial > 0) return unavailable(untilTrial);
    return isTrying ? unavailable(halfOpenAfterMs) : undefined;
  };

  const note = (hasFailed: boolean) => {
    counted.add(hasFailed);
    const { failed, all } = counted.sums();
    if (state === 'closed' && failed >= failures && failed >= failureShare * all) open();
  };

  const tryOut = async <Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    isTrying = true;
    enter('half_open');
    try {
      const result = await work();
      close();
      return result;
    } catch (error) {
      if (isTransportFailure(error) && !signal.aborted) open();
      // It stays half open for the next caller where this one has left.
      else if (!signal.aborted) close();
      throw error;
    } finally {
      isTrying = false;
    }
  };

  const close = () => {
    counted.clear();
    enter('closed');
  };

  return {
    refusal,
    async execute(work, signal) {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      if (state !== 'closed') return tryOut(work, signal);
      try {
        const result = await work();
        note(false);
        return result;
      } catch (error) {
        if (!signal.aborted) note(isTransportFailure(error));
        throw error;
      }
    },
  };
}

function unavailable(retryAfterMs: number): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', { retryAfterMs });
}

function isTransportFailure(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'UPSTREAM_TIMEOUT')
  );
}

interface Counts {
  failed: number;
  all: number;
}

/** The calls of the last `windowMs`, to a tenth of it. */
function createWindow(windowMs: number, now: () => number) {
  const partMs = windowMs / windowParts;
  const parts = new Map<number, Counts>();
  const current = () => Math.floor(now() / partMs);
  const dropOld = () => {
    for (const part of parts.keys()) if (part <= current() - windowParts) parts.delete(part);
  };
  return {
    add(hasFailed: boolean) {
      dropOld();
      const counts = parts.get(current()) ?? { failed: 0, all: 0 };
      parts.set(current(), counts);
      counts.all += 1;
      if (hasFailed) counts.failed += 1;
    },
    sums(): Counts {
      dropOld();
      const sums = { failed: 0, all: 0 };
      for (const { failed, all } of parts.values()) {
        sums.failed += failed;
        sums.all += all;
      }
      return sums;
    },
    clear: () => parts.clear(),
  };
}
