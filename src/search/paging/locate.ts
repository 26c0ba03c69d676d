import { shortHash, type RowPlace } from '../cursor/position.ts';

export interface Located {
  /** Where in the page to go on: the rows that had come behind the row begin here. */
  readonly index: number;
  /** False when the row itself may have gone over to the next page. */
  readonly certain: boolean;
}

/** Something that moved: `at` is where it is now, `moved` by how many places. */
interface Found {
  readonly at: number;
  readonly moved: number;
}

/**
 * Where a page goes on behind a row, though rows may have arrived, left or moved since. Undefined when neither the row nor
 * a neighbour of it is there.
 *
 * The row counts, wherever it is now, unless its neighbours show that it was taken out of its place: an update, for one,
 * takes a single row to the front of a search for the newest, and what stands behind it there was shown before.
 */
export function locate(ids: readonly string[], row: RowPlace): Located | undefined {
  const own = nearest(ids, row.index, (id) => id === row.id);
  if (own?.moved === 0) return behind(own);
  const previous = neighbour(ids, row.index - 1, row.previous);
  const next = neighbour(ids, row.index + 1, row.next);
  if (own !== undefined && !wasTakenOut(own, previous, next)) return behind(own);
  if (next !== undefined && (previous === undefined || outOfOrder(previous, next))) {
    return previous !== undefined && previous.moved <= next.moved ? behind(previous) : before(next);
  }
  if (previous === undefined) return own && behind(own);
  return { index: previous.at + 1, certain: own !== undefined || previous.at < ids.length - 1 };
}

function wasTakenOut(own: Found, previous: Found | undefined, next: Found | undefined): boolean {
  if (previous !== undefined && next !== undefined) {
    return !outOfOrder(previous, next) && (outOfOrder(previous, own) || outOfOrder(own, next));
  }
  // With one neighbour it is the one that moved farther, should they have changed places.
  if (previous !== undefined) return outOfOrder(previous, own) && previous.moved < own.moved;
  return next !== undefined && outOfOrder(own, next) && next.moved < own.moved;
}

function outOfOrder(former: Found, latter: Found): boolean {
  return former.at > latter.at;
}

function behind({ at }: Found): Located {
  return { index: at + 1, certain: true };
}

function before({ at }: Found): Located {
  return { index: at, certain: true };
}

function neighbour(ids: readonly string[], index: number, hash: number | null): Found | undefined {
  return hash === null ? undefined : nearest(ids, index, (id) => shortHash(id) === hash);
}

/** The match nearest to an index; the later of two as near, since arrivals push rows back. */
function nearest(ids: readonly string[], index: number, matches: (id: string) => boolean): Found | undefined {
  let found: Found | undefined;
  for (const [at, id] of ids.entries()) {
    const moved = Math.abs(at - index);
    if (moved <= (found?.moved ?? Infinity) && matches(id)) found = { at, moved };
  }
  return found;
}
