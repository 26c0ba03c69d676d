import { shortHash, type Position } from '../cursor/position.ts';
import type { SearchSort } from '../filter/criteria.ts';
import { createPageChain, firstPage, type ChainPage, type FetchPage, type PageChain } from './pageChain.ts';
import { resume, type Start } from './resume.ts';

/**
 * Upstream pages that one field may read. Looking for a row after the window counts too, but may always read one page, even
 * where the rows took all ten.
 */
export const maximumPages = 10;

export interface WindowOptions<Row> {
  /** Rows wanted, 1 or more. */
  readonly first: number;
  /** The window starts after it; absent: at the first row. */
  readonly after?: Position;
  /** Rows requested of an upstream page, 1 to 50. */
  readonly pageSize: number;
  /** What tells a row from all others. */
  readonly idOf: (row: Row) => string;
}

export interface WindowRow<Row> {
  readonly row: Row;
  readonly position: Position;
}

export interface Window<Row> {
  readonly rows: readonly WindowRow<Row>[];
  /** The order that HealthImaging says it used; null when it does not say. */
  readonly sort: SearchSort | null;
  /** Where the next window starts when the last page read was empty; null: after the last row. */
  readonly endPosition: Position | null;
  /**
   * Whether a row follows: exact as long as the limit on pages allows. Where that is used up on empty pages with more to
   * come, true, since only the next window can tell. Reads pages on the first call only.
   */
  readonly hasNextPage: () => Promise<boolean>;
}

/**
 * The `first` rows after a position, or fewer where the rows end or the limit on pages is reached.
 *
 * A window from the start requests one row more than it needs, so that a small one knows whether more follow. Every page
 * after a next token is requested in full: a client that has paged once is likely to page again. Throws a TokenLoopError
 * when a next token is repeated, and whatever `fetchPage` throws.
 */
export async function walkWindow<Row>(
  fetchPage: FetchPage<Row>,
  { first, after, pageSize, idOf }: WindowOptions<Row>,
): Promise<Window<Row>> {
  const chain = createPageChain(fetchPage, { pageSize, resumed: after !== undefined });
  const start =
    after === undefined
      ? { page: await chain.start(firstPage(Math.min(first + 1, pageSize))), index: 0 }
      : await resume(chain, after, idOf);
  const { rows, end } = await takeRows(chain, start, { first, idOf });
  const stoppedShort = rows.length < first && end.page.nextToken !== null;
  const endsOnRow = rows.at(-1)?.position.page === end.page.position;
  let next: Promise<boolean> | undefined;
  return {
    rows,
    sort: start.page.sort,
    endPosition: stoppedShort && !endsOnRow ? { page: chain.positionAfter(end.page), row: null } : null,
    hasNextPage: () =>
      (next ??= stoppedShort && rows.length === 0 ? Promise.resolve(true) : hasRowAt(chain, end)),
  };
}

async function takeRows<Row>(
  chain: PageChain<Row>,
  start: Start<Row>,
  { first, idOf }: Pick<WindowOptions<Row>, 'first' | 'idOf'>,
): Promise<{ rows: WindowRow<Row>[]; end: Start<Row> }> {
  const rows: WindowRow<Row>[] = [];
  let { page, index } = start;
  for (;;) {
    const taken = sliceOf(page, idOf, index, index + first - rows.length);
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

function sliceOf<Row>(
  { position, rows }: ChainPage<Row>,
  idOf: (row: Row) => string,
  from: number,
  to: number,
): WindowRow<Row>[] {
  const neighbour = (row: Row | undefined) => (row === undefined ? null : shortHash(idOf(row)));
  return rows.slice(from, to).map((row, offset) => {
    const index = from + offset;
    const previous = neighbour(rows[index - 1]);
    const next = neighbour(rows[index + 1]);
    return { row, position: { page: position, row: { index, id: idOf(row), previous, next } } };
  });
}
