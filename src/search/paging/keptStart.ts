import type { PagePosition, RowPlace, RowPosition } from '../cursor/position.ts';
import type { KeptPage, PageFetch, PageSource } from './pageChain.ts';
import { indexOfRow, isBoundable, type RowOrder } from './rowOrder.ts';
import { isSameValue } from './sortValue.ts';
import { followToken, startOfLoopCheck } from './tokenLoop.ts';

export interface KeptStart<Row> {
  readonly page: KeptPage<Row>;
  readonly position: PagePosition;
  /** The rows from here on come next. */
  readonly index: number;
}

/**
 * What comes after a row by a page that was fetched for an earlier window: one that has rows behind the row, that follows the
 * row, or that ends the list. A page that only ends with the row tells nothing of what follows.
 */
export function keptStart<Row>(
  { keptPage, order }: Pick<PageSource<Row>, 'keptPage'> & { readonly order: RowOrder<Row> },
  { row, page: named }: RowPlace,
): KeptStart<Row> | undefined {
  const isAnyPage = named === null && isBoundable(order, row);
  let index = 0;
  const page = keptPage?.('walk', (kept) => {
    if (kept.rows.length === 0 && !isLast(kept)) return false;
    index = 0;
    if (kept.request.follows !== undefined && isSameRow(kept.request.follows, row)) return true;
    if (!isAnyPage && !isAt(kept.request, named)) return false;
    const own = indexOfRow(order, { rows: kept.rows, sort: kept.sort ?? null }, row);
    if (own === undefined || (own + 1 === kept.rows.length && !isLast(kept))) return false;
    index = own + 1;
    return true;
  });
  return page && { page, position: positionOf(page.request, named), index };
}

/** Whether a request is for the named page; null: for the start of the list, however many rows of it. */
export function isAt({ bound, nextToken, maxResults }: PageFetch, named: PagePosition | null): boolean {
  if (named === null) return bound === undefined && nextToken === undefined;
  return (
    (bound ?? null) === named.bound && (nextToken ?? null) === named.token && maxResults === named.maxResults
  );
}

function isLast<Row>({ nextToken }: KeptPage<Row>): boolean {
  return nextToken === null || nextToken === undefined || nextToken === '';
}

function isSameRow(one: RowPosition, other: RowPosition): boolean {
  return (
    one.id === other.id &&
    one.occurrence === other.occurrence &&
    isSameValue(one.value ?? null, other.value ?? null)
  );
}

function positionOf(request: PageFetch, named: PagePosition | null): PagePosition {
  if (named !== null && isAt(request, named)) return named;
  const { bound = null, nextToken = null, maxResults, pageSizeOfToken = null } = request;
  const loopCheck =
    nextToken === null ? startOfLoopCheck : followToken(named?.loopCheck ?? startOfLoopCheck, nextToken);
  return { bound, token: nextToken, maxResults, pageSizeOfToken, loopCheck };
}
