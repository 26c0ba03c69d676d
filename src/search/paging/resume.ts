import { shortHash, type Position, type RowPosition } from '../cursor/position.ts';
import type { ChainPage, PageChain } from './pageChain.ts';

/** The rows of `page` from `index` on come next. */
export interface Start<Row> {
  readonly page: ChainPage<Row>;
  readonly index: number;
}

/** Where one page continues after a row. */
export interface PageStart {
  readonly index: number;
  /** False when the row itself may have moved on to the next page. */
  readonly certain: boolean;
}

/** An entry that was found: `at` is its index now, `moved` by how many places it has moved. */
interface Found {
  readonly at: number;
  readonly moved: number;
}

/**
 * Finds where the rows after a position start. That is after its row, in its page or, since new rows push others back, in
 * the page after that; without the row, beside its neighbours; without those, at its index.
 */
export async function resume<Row>(
  chain: PageChain<Row>,
  { page: position, row }: Position,
  idOf: (row: Row) => string,
): Promise<Start<Row>> {
  const page = await chain.start(position);
  if (row === null) return { page, index: 0 };
  const here = resumeInPage(page.rows.map(idOf), row);
  if (here?.certain === true) return { page, index: here.index };
  if (page.nextToken !== null) {
    const next = await chain.follow(page);
    const there = resumeInPage(next.rows.map(idOf), { ...row, index: 0 });
    if (there !== undefined) return { page: next, index: there.index };
  }
  return { page, index: here?.index ?? Math.min(row.index, page.rows.length) };
}

/**
 * Where a page continues after a row, although rows may have been added, removed or moved since. Undefined when the page
 * holds neither the row nor one of its neighbours.
 *
 * The row decides, wherever it is now, unless its neighbours show that it alone was moved: an update, for example, moves
 * one row to the front of a search sorted by `updatedAt`, and the rows that follow it there have been shown before.
 */
export function resumeInPage(ids: readonly string[], row: RowPosition): PageStart | undefined {
  const own = nearest(ids, row.index, (id) => id === row.id);
  if (own?.moved === 0) return after(own);
  const previous = neighbour(ids, row.index - 1, row.previous);
  const next = neighbour(ids, row.index + 1, row.next);
  if (own !== undefined && !movedAlone(own, previous, next)) return after(own);
  if (next !== undefined && (previous === undefined || outOfOrder(previous, next))) {
    return previous !== undefined && previous.moved <= next.moved ? after(previous) : before(next);
  }
  if (previous === undefined) return own && after(own);
  return { index: previous.at + 1, certain: own !== undefined || previous.at < ids.length - 1 };
}

function movedAlone(own: Found, previous: Found | undefined, next: Found | undefined): boolean {
  if (previous !== undefined && next !== undefined) {
    return !outOfOrder(previous, next) && (outOfOrder(previous, own) || outOfOrder(own, next));
  }
  // With one neighbour, whichever of the two moved farther has passed the other.
  if (previous !== undefined) return outOfOrder(previous, own) && previous.moved < own.moved;
  return next !== undefined && outOfOrder(own, next) && next.moved < own.moved;
}

function outOfOrder(former: Found, latter: Found): boolean {
  return former.at > latter.at;
}

function after({ at }: Found): PageStart {
  return { index: at + 1, certain: true };
}

function before({ at }: Found): PageStart {
  return { index: at, certain: true };
}

function neighbour(ids: readonly string[], index: number, hash: number | null): Found | undefined {
  return hash === null ? undefined : nearest(ids, index, (id) => shortHash(id) === hash);
}

/** The match nearest to an index; of two at the same distance the later one, since new rows push others back. */
function nearest(ids: readonly string[], index: number, matches: (id: string) => boolean): Found | undefined {
  let found: Found | undefined;
  for (const [at, id] of ids.entries()) {
    const moved = Math.abs(at - index);
    if (moved <= (found?.moved ?? Infinity) && matches(id)) found = { at, moved };
  }
  return found;
}
