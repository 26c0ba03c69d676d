import { LRUCache } from 'lru-cache';

/** Callers whose last turn is known; of one that is forgotten the next call goes first. */
const rememberedCallers = 10_000;

export interface Waiting {
  /** For whom the call is made; read each time, since a shared call passes to another of those who wait for it. */
  readonly call: { readonly caller?: string | undefined };
}

/**
 * Whose call goes next: callers take turns, whoever had theirs longest ago first. One who asks for much waits for their own
 * calls, and everybody else at most for one call of each of the others.
 */
export class Turns {
  private readonly lastTurns = new LRUCache<string, number>({ max: rememberedCallers });
  private turn = 0;

  /** The index of the call that goes next of those that wait, in the order of arrival. */
  next(waiters: readonly Waiting[]): number {
    let next = 0;
    let longestAgo = Number.POSITIVE_INFINITY;
    for (const [index, waiter] of waiters.entries()) {
      const lastTurn = this.lastTurns.peek(callerOf(waiter)) ?? -1;
      if (lastTurn >= longestAgo) continue;
      next = index;
      longestAgo = lastTurn;
    }
    return next;
  }

  taken(waiter: Waiting): void {
    this.turn += 1;
    this.lastTurns.set(callerOf(waiter), this.turn);
  }
}

/** How many of those that wait go before a caller's next call, at most. */
export function callsAhead(waiters: readonly Waiting[], own: Waiting): number {
  const counts = countByCaller(waiters);
  const ofOwn = counts.get(callerOf(own)) ?? 0;
  let ahead = 0;
  for (const count of counts.values()) ahead += Math.min(count, ofOwn + 1);
  return ahead;
}

/**
 * The call that has to go where no more may wait: the last one of who has the most of them waiting. Undefined where that is
 * who asks to join.
 */
export function tooMany<Each extends Waiting>(waiters: readonly Each[], joining: Waiting): Each | undefined {
  const counts = countByCaller(waiters);
  const most = Math.max(...counts.values());
  if ((counts.get(callerOf(joining)) ?? 0) + 1 >= most) return undefined;
  return waiters.findLast((waiter) => counts.get(callerOf(waiter)) === most);
}

function countByCaller(waiters: readonly Waiting[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const waiter of waiters) counts.set(callerOf(waiter), (counts.get(callerOf(waiter)) ?? 0) + 1);
  return counts;
}

function callerOf({ call }: Waiting): string {
  return call.caller ?? '';
}
