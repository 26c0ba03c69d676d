/** Requests whose work begins in one round of the event loop: a search takes some ten rounds until it is answered. */
const beginningsAtOnce = 1;

/** When the work for a request begins. */
export interface WorkTurns {
  /** Undefined: at once. */
  wait(caller: string): Promise<void> | undefined;
}

/**
 * While there is more to begin than one round of the event loop should hold, callers take turns: of those that wait, one request
 * of each. So whoever sends a flood waits for their own requests, and everybody else for a few of them.
 */
export function createWorkTurns(): WorkTurns {
  /** Of each caller who waits, what begins their requests; first whose turn is next. */
  const waiting = new Map<string, (() => void)[]>();
  let begun = 0;

  const begin = () => {
    if (begun === 0) setImmediate(nextRound);
    begun += 1;
  };

  const nextRound = () => {
    begun = 0;
    // A caller with more to begin goes behind the others, where this comes to them again.
    for (const [caller, requests] of waiting) {
      if (begun >= beginningsAtOnce) return;
      waiting.delete(caller);
      const [first, ...others] = requests;
      if (others.length > 0) waiting.set(caller, others);
      begin();
      first?.();
    }
  };

  return {
    wait(caller) {
      if (begun < beginningsAtOnce && waiting.size === 0) {
        begin();
        return undefined;
      }
      return new Promise((resolve) => {
        const requests = waiting.get(caller);
        if (requests === undefined) waiting.set(caller, [resolve]);
        else requests.push(resolve);
      });
    },
  };
}
