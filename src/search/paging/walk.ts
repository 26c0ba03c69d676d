import type { SearchSort } from '../filter/criteria.ts';
import { createPageChain, firstPlace, type ChainPage, type FetchPage, type PageChain } from './pageChain.ts';
import { shortHash, type Position } from '../cursor/position.ts';
import { resume, type Start } from './resume.ts';

export type { FetchedPage, FetchPage, PageFetch } from './pageChain.ts';

/**
 * Upstream pages that one field may read. Looking for a next row beyond the window counts too, but may always read one
 * page, even where ten were needed for the rows.
 */
export const maximumPages = 10;

export interface WindowOptions<Row> {
  /** Rows wanted, 1 or more. */
  readonly first: number;
  /** Where to go on; left out: from the start. */
  readonly after?: Position;
  /** Rows asked of an upstream page, 1 to 50. */
  readonly pageSize: number;
  /** What tells a row from all others. */
  readonly idOf: (row: Row) => string;
}

export interface PlacedRow<Row> {
  readonly row: Row;
  readonly position: Position;
}

export interface Window<Row> {
  readonly rows: readonly PlacedRow<Row>[];
  /** The order that HealthImaging says it used; null when it does not say. */
  readonly sort: SearchSort | null;
  /** Where to go on when the last pages read had no row to stand on; null: go on from the last row. */
  readonly endPosition: Position | null;
  /**
   * Whether a row follows: exact while the bound on pages lets it be found out. When that is used up on empty pages with
   * more behind them, true, since going on is the only way to know. Reads pages when it is first called, only.
   */
  readonly hasNextPage: () => Promise<boolean>;
}

/**
 * The `first` rows behind a position, or fewer where the rows end or the bound on pages is reached.
 *
 * A window from the start asks for one row more than it needs, so that a small one knows whether more follow; every page
 * behind a token is asked for in full: whoever pages on will page on. Throws UPSTREAM_PROTOCOL_ERROR when a token comes
 * back, and whatever `fetchPage` throws.
 */
export async function walkWindow<Row>(
  fetchPage: FetchPage<Row>,
  { first, after, pageSize, idOf }: WindowOptions<Row>,
): Promise<Window<Row>> {
  const chain = createPageChain(fetchPage, { pageSize, resumed: after !== undefined });
  const start =
    after === undefined
      ? { page: await chain.start(firstPlace(Math.min(first + 1, pageSize))), index: 0 }
      : await resume(chain, after, idOf);
  const { rows, end } = await takeRows(chain, start, { first, idOf });
  const stoppedShort = rows.length < first && end.page.nextToken !== null;
  const endsOnRow = rows.at(-1)?.position.page === end.page.place;
  let next: Promise<boolean> | undefined;
  return {
    rows,
    sort: start.page.sort,
    endPosition: stoppedShort && !endsOnRow ? { page: chain.placeAfter(end.page), row: null } : null,
    hasNextPage: () =>
      (next ??= stoppedShort && rows.length === 0 ? Promise.resolve(true) : hasRowAt(chain, end)),
  };
}

async function takeRows<Row>(
  chain: PageChain<Row>,
  start: Start<Row>,
  { first, idOf }: Pick<WindowOptions<Row>, 'first' | 'idOf'>,
): Promise<{ rows: PlacedRow<Row>[]; end: Start<Row> }> {
  const rows: PlacedRow<Row>[] = [];
  let { page, index } = start;
  for (;;) {
    const taken = placeRows(page, idOf, index, index + first - rows.length);
    rows.push(...taken);
    index += taken.length;
    if (rows.length === first || !chain.canFollow(page, maximumPages)) return { rows, end: { page, index } };
    page = await chain.follow(page);
    index = 0;
  }
}

async function hasRowAt<Row>(chain: PageChain<Row>, { page, index }: Start<Row>): Promise<boolean> {
  if (index < page.rows.length) return true;
  const limit = Math.max(maximumPages, chain.pagesRead() + 1);
  let last = page;
  while (chain.canFollow(last, limit)) {
    last = await chain.follow(last);
    if (last.rows.length > 0) return true;
  }
  return last.nextToken !== null;
}

function placeRows<Row>(
  { place, rows }: ChainPage<Row>,
  idOf: (row: Row) => string,
  from: number,
  to: number,
): PlacedRow<Row>[] {
  const neighbour = (row: Row | undefined) => (row === undefined ? null : shortHash(idOf(row)));
  return rows.slice(from, to).map((row, offset) => {
    const index = from + offset;
    const previous = neighbour(rows[index - 1]);
    const next = neighbour(rows[index + 1]);
    return { row, position: { page: place, row: { index, id: idOf(row), previous, next } } };
  });
}
