import type { Operation } from '../api.ts';

export interface IncidentOptions {
  /** How long no call may fail, in milliseconds, before an incident is taken to be over. */
  readonly quietMs: number;
  readonly onEnd: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface Incident {
  /** @returns whether this failure is the first of an incident */
  failed(operation: Operation): boolean;
  /** @param begunAt when the call began, on the clock of `now` */
  passed(operation: Operation, begunAt: number): void;
}

/** An incident that begins so soon after the last one is the same fault, which comes and goes. */
const relapseMs = 60_000;
const longestQuietMs = 60_000;

/**
 * Takes the many failed calls of one fault for one incident. It begins with the first failure, and ends when an operation
 * that failed in it succeeds and no call fails for `quietMs` after that. A fault that comes and goes would still make an
 * incident each time: so each relapse takes four times as long to end, up to a minute.
 */
export function createIncident({ quietMs, onEnd, now }: IncidentOptions): Incident {
  const failedOperations = new Set<Operation>();
  let failedAt = Number.NEGATIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  let currentQuietMs = quietMs;
  let timer: NodeJS.Timeout | undefined;

  const end = () => {
    timer = undefined;
    failedOperations.clear();
    endedAt = now();
    onEnd();
  };

  return {
    failed(operation) {
      clearTimeout(timer);
      timer = undefined;
      const isFirst = failedOperations.size === 0;
      failedAt = now();
      failedOperations.add(operation);
      if (isFirst) {
        const isRelapse = failedAt - endedAt < relapseMs;
        currentQuietMs = isRelapse ? Math.min(currentQuietMs * 4, longestQuietMs) : quietMs;
      }
      return isFirst;
    },
    passed(operation, begunAt) {
      // A call that began before the last failure says nothing of the time since.
      if (timer !== undefined || !failedOperations.has(operation) || begunAt < failedAt) return;
      timer = setTimeout(end, Math.max(failedAt + currentQuietMs - now(), 0)).unref();
    },
  };
}
