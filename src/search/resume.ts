import type { ChainPage, PageChain } from './pageChain.ts';
import { shortHash, type Position, type RowPlace } from './position.ts';

/** The rows of `page` from `index` on come next. */
export interface Start<Row> {
  readonly page: ChainPage<Row>;
  readonly index: number;
}

/**
 * Finds where a position goes on, though rows may have arrived, left or moved since: behind its row, wherever in its page
 * or in the page after that (rows that arrive push others there) it is now; when the row itself was taken away, behind the
 * row that was before it; when that is gone too, at the index.
 */
export async function resume<Row>(
  chain: PageChain<Row>,
  { page: place, row }: Position,
  idOf: (row: Row) => string,
): Promise<Start<Row>> {
  const page = await chain.start(place);
  if (row === null) return { page, index: 0 };
  const here = indexBehind(page.rows.map(idOf), row);
  if (here?.certain === true) return { page, index: here.index };
  if (page.nextToken !== null) {
    const next = await chain.follow(page);
    const there = indexBehind(next.rows.map(idOf), { ...row, index: 0 });
    if (there !== undefined) return { page: next, index: there.index };
  }
  return { page, index: here?.index ?? Math.min(row.index, page.rows.length) };
}

interface Behind {
  readonly index: number;
  /** False when the row may have gone over to the next page. */
  readonly certain: boolean;
}

function indexBehind(ids: readonly string[], { index, id, previous }: RowPlace): Behind | undefined {
  const own = nearest(ids, index, (candidate) => candidate === id);
  if (own === index) return { index: own + 1, certain: true };
  const before =
    previous === null ? undefined : nearest(ids, index - 1, (candidate) => shortHash(candidate) === previous);
  if (own !== undefined && (before === undefined || distance(own, index) <= distance(before, index - 1))) {
    return { index: own + 1, certain: true };
  }
  // Of the row and its neighbour the one that has moved less far tells where the others are: an update takes a single row
  // out of its place, to the front of a search for the newest.
  return before === undefined
    ? undefined
    : { index: before + 1, certain: own !== undefined || before < ids.length - 1 };
}

/** The match that is nearest to an index; the later of two as near, since arrivals push rows back. */
function nearest(
  ids: readonly string[],
  index: number,
  matches: (id: string) => boolean,
): number | undefined {
  return ids.reduce<number | undefined>(
    (found, id, candidate) =>
      matches(id) && (found === undefined || distance(candidate, index) <= distance(found, index))
        ? candidate
        : found,
    undefined,
  );
}

function distance(a: number, b: number): number {
  return Math.abs(a - b);
}
