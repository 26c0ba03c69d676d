import { attached } from '../../attached.ts';
import type { Position, RowPlace } from '../cursor/position.ts';
import type { SearchSort } from '../filter/criteria.ts';
import type { ChainPage } from './pageChain.ts';
import { placesOf, type RowOrder } from './rowOrder.ts';
import type { Start } from './passOver.ts';
import { isExpiry, Walk, type PagedSource } from './walk.ts';

export interface WindowOptions {
  /** Rows wanted, 1 or more. */
  readonly first: number;
  /** The window starts after it; absent: at the first row. */
  readonly after?: Position;
}

export interface WindowRow<Row> {
  readonly row: Row;
  readonly position: () => RowPlace;
}

/** Rows of one page, one after another. The same page has the same list of rows, for as long as it is kept. */
export interface WindowOrigin<Row> {
  readonly pageRows: readonly Row[];
  /** Of the first row. */
  readonly index: number;
}

export interface Window<Row> {
  readonly rows: readonly WindowRow<Row>[];
  /** The order that HealthImaging says it used; null when it does not say. */
  readonly sort: SearchSort | null;
  /** Where the next window starts when the last page read was empty; null: after the last row. */
  readonly endPosition: Position | null;
  /**
   * Where its rows are, if one page has them all that begins the list, or the list from a bound on: then its cursors follow from
   * its rows.
   */
  readonly origin: WindowOrigin<Row> | undefined;
  /**
   * Whether a row follows: exact as long as the limit on pages allows. Where that is used up on empty pages with more to
   * come, true, since only the next window can tell. Reads pages on the first call only.
   */
  readonly hasNextPage: () => Promise<boolean>;
  /**
   * Reads the upstream page that a later window will need, once for each that this may end on. Nobody waits for it: what goes
   * wrong is left for that window to find out.
   */
  readonly readAhead: () => Promise<void>;
}

/** Pages by their rows, for as long as they are kept, whose next page has been read. */
const readAheadOf = attached<readonly unknown[], true>();

/**
 * The `first` rows after a position, or fewer where the rows end or the limit on pages is reached.
 *
 * A window from the start requests one row more than it needs, so that a small one knows whether more follow. Every other
 * page is requested in full: a client that has paged once is likely to page again. Throws CURSOR_EXPIRED where the position
 * is too far from anything that can be asked for, a TokenLoopError when a next token is repeated, and whatever `fetchPage`
 * throws.
 */
export async function openWindow<Row>(
  source: PagedSource<Row>,
  { first, after }: WindowOptions,
): Promise<Window<Row>> {
  const walk = new Walk(source);
  const start = after === undefined ? await walk.fromStart(first) : await walk.after(after);
  const { rows, end, endsOnRow, stop } = await takeRows(walk, start, { first, order: source.order });
  let next: Promise<boolean> | undefined;
  return {
    rows,
    sort: start.page.sort,
    origin:
      end.page === start.page && rows.length > 0 && start.page.position.token === null
        ? { pageRows: start.page.rows, index: start.index }
        : undefined,
    endPosition: stop === 'limit' && !endsOnRow ? { page: walk.positionAfter(end.page), row: null } : null,
    readAhead: async () => {
      const { page } = end;
      if (readAheadOf.get(page.rows) === true) return;
      readAheadOf.set(page.rows, true);
      await walk.readAhead(page).catch(() => undefined);
    },
    hasNextPage: () =>
      (next ??= stop === 'limit' && rows.length === 0 ? Promise.resolve(true) : hasRowBehind(walk, end)),
  };
}

interface Taken<Row> {
  readonly rows: WindowRow<Row>[];
  /** The first row that was not taken. */
  readonly end: Start<Row>;
  /** Whether the last row taken is of the page that the first one not taken would be of. */
  readonly endsOnRow: boolean;
  /** Why no more were taken: all were, the list has ended, no more pages may be read, or none can be. */
  readonly stop: 'full' | 'end' | 'limit' | 'expired';
}

async function takeRows<Row>(
  walk: Walk<Row>,
  start: Start<Row>,
  { first, order }: WindowOptions & { readonly order: RowOrder<Row> },
): Promise<Taken<Row>> {
  const rows: WindowRow<Row>[] = [];
  let { page, index } = start;
  for (;;) {
    const taken = sliceOf(order, page, index, index + first - rows.length);
    rows.push(...taken);
    const place = { rows, end: { page, index: index + taken.length }, endsOnRow: taken.length > 0 };
    if (rows.length === first) return { ...place, stop: 'full' };
    if (page.nextToken === null) return { ...place, stop: 'end' };
    if (!walk.canGoOn(page)) return { ...place, stop: 'limit' };
    try {
      ({ page, index } = await walk.behind(page));
    } catch (error) {
      // What was found is given out; the next window looks for the rest with pages of its own.
      if (rows.length === 0 || !isExpiry(error)) throw error;
      return { ...place, stop: 'expired' };
    }
  }
}

async function hasRowBehind<Row>(walk: Walk<Row>, end: Start<Row>): Promise<boolean> {
  let { page, index } = end;
  walk.allowOne();
  while (index >= page.rows.length) {
    if (page.nextToken === null) return false;
    if (!walk.canGoOn(page)) return true;
    try {
      ({ page, index } = page === end.page ? await walk.ahead(page) : await walk.behind(page));
    } catch (error) {
      if (!isExpiry(error)) throw error;
      return true;
    }
  }
  return true;
}

function sliceOf<Row>(
  order: RowOrder<Row>,
  page: ChainPage<Row>,
  from: number,
  to: number,
): WindowRow<Row>[] {
  const placeAt = placesOf(order, page);
  return page.rows.slice(from, to).map((row, offset) => ({ row, position: () => placeAt(from + offset) }));
}
