import { locate } from './locate.ts';
import type { ChainPage, PageChain } from './pageChain.ts';
import type { Position } from '../cursor/position.ts';

/** The rows of `page` from `index` on come next. */
export interface Start<Row> {
  readonly page: ChainPage<Row>;
  readonly index: number;
}

/**
 * Finds where a position goes on: behind its row in its page or, since rows that arrive push others over, in the page
 * after that one; where the row is gone, beside its neighbours; where those are gone too, at its index.
 */
export async function resume<Row>(
  chain: PageChain<Row>,
  { page: place, row }: Position,
  idOf: (row: Row) => string,
): Promise<Start<Row>> {
  const page = await chain.start(place);
  if (row === null) return { page, index: 0 };
  const here = locate(page.rows.map(idOf), row);
  if (here?.certain === true) return { page, index: here.index };
  if (page.nextToken !== null) {
    const next = await chain.follow(page);
    const there = locate(next.rows.map(idOf), { ...row, index: 0 });
    if (there !== undefined) return { page: next, index: there.index };
  }
  return { page, index: here?.index ?? Math.min(row.index, page.rows.length) };
}
