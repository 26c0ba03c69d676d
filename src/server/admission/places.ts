/** A place that is held. */
interface Holder {
  readonly caller: string;
  /** Takes the place away, for somebody who has less of them. */
  readonly evict: () => void;
}

/** A number of places that callers share. */
export interface Places {
  /**
   * Takes a place, and gives the function that ends it; undefined where there is none.
   * @param evict called when the place is taken away, at most once; it counts as ended then
   */
  take(caller: string, evict: () => void): (() => void) | undefined;
  taken(): number;
}

/**
 * While there are places, whoever comes gets one: a caller who is alone may have all of them. Where there are none, who holds
 * the most of them loses the latest one to a newcomer who, with it, has fewer. So nobody can keep the others out, however many
 * requests they send and however long these last.
 */
export function createPlaces(maximum: number): Places {
  const holdersOf = new Map<string, Set<Holder>>();
  let taken = 0;

  const end = (holder: Holder) => {
    const holders = holdersOf.get(holder.caller);
    if (holders?.delete(holder) !== true) return;
    taken -= 1;
    if (holders.size === 0) holdersOf.delete(holder.caller);
  };

  /** The latest place of who has most of them, unless the caller would have as many. */
  const placeFor = (caller: string): Holder | undefined => {
    let most: Set<Holder> | undefined;
    for (const holders of holdersOf.values()) if (holders.size > (most?.size ?? 0)) most = holders;
    const own = holdersOf.get(caller)?.size ?? 0;
    return most !== undefined && own + 1 < most.size ? [...most].at(-1) : undefined;
  };

  return {
    take(caller, evict) {
      if (taken >= maximum) {
        const evicted = placeFor(caller);
        if (evicted === undefined) return undefined;
        end(evicted);
        evicted.evict();
      }
      const holder = { caller, evict };
      const holders = holdersOf.get(caller) ?? new Set();
      holdersOf.set(caller, holders.add(holder));
      taken += 1;
      return () => end(holder);
    },
    taken: () => taken,
  };
}
