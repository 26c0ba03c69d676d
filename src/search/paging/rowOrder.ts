import type { PagePosition, RowPlace, RowPosition, SortValue } from '../cursor/position.ts';
import { largestOccurrence } from '../cursor/payload.ts';
import type { SearchSort } from '../filter/criteria.ts';
import type { Margin } from './bound.ts';
import { isSameValue } from './sortValue.ts';

/** How the rows of a list are told apart and ordered. */
export interface RowOrder<Row> {
  /** What tells a row of the list from all others. */
  readonly idOf: (row: Row) => string;
  /** What the row has where the list is sorted; null where it has nothing there, or the list has no known order. */
  readonly valueOf: (row: Row, reported: SearchSort | null) => SortValue | null;
  /** Where the list has to begin for a row of this value to be near its start; null: it cannot be made to begin there. */
  readonly boundAt: (value: SortValue, margin: Margin) => string | null;
}

interface OrderedPage<Row> {
  readonly position: PagePosition;
  readonly rows: readonly Row[];
  readonly sort: SearchSort | null;
  readonly follows: RowPosition | undefined;
}

/** Whether the list can be made to begin near the row. */
export function isBoundable<Row>(order: RowOrder<Row>, { value }: RowPosition): boolean {
  return value !== null && value !== undefined && order.boundAt(value, 'millisecond') !== null;
}

/**
 * The position of a row of a page. It names the page where the row's value does not lead back to the row: where the list
 * cannot be made to begin near it, and where its equals may begin before the page does. A page without a token need not be
 * named: it is where the list begins.
 */
export function positionAt<Row>(
  order: RowOrder<Row>,
  { position, rows, sort, follows }: OrderedPage<Row>,
  index: number,
): RowPlace {
  const [row, first] = [rows[index], rows[0]];
  if (row === undefined || first === undefined) throw new RangeError('expected the index of a row');
  const [id, value] = [order.idOf(row), order.valueOf(row, sort)];
  const earlier = rows.slice(0, index).filter((other) => order.idOf(other) === id);
  const occurrence = earlier.filter((other) => isSameValue(order.valueOf(other, sort), value)).length;
  const place = { id, value, occurrence: Math.min(occurrence, largestOccurrence) };
  const reachesBack =
    isSameValue(order.valueOf(first, sort), value) &&
    (follows === undefined || isSameValue(follows.value ?? null, value));
  const isNamed = position.token !== null && (!isBoundable(order, place) || reachesBack);
  return { row: place, page: isNamed ? position : null };
}

export function valueAt<Row>(
  order: RowOrder<Row>,
  { rows, sort }: Pick<OrderedPage<Row>, 'rows' | 'sort'>,
  index: number,
): SortValue | null {
  const row = rows[index];
  return row === undefined ? null : order.valueOf(row, sort);
}

/**
 * Where rows hold the one that a position is after, with its value unchanged. Undefined where they do not.
 * @param missing how many more of its equals come before it
 */
export function indexOfRow<Row>(
  order: RowOrder<Row>,
  { rows, sort }: Pick<OrderedPage<Row>, 'rows' | 'sort'>,
  { id, value, occurrence }: RowPosition,
): number | undefined {
  let missing = occurrence;
  for (const [index, row] of rows.entries()) {
    if (order.idOf(row) !== id) continue;
    if (value !== undefined && !isSameValue(order.valueOf(row, sort), value)) continue;
    if (missing === 0) return index;
    missing -= 1;
  }
  return undefined;
}
