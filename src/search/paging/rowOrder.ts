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
 * The positions of a page's rows by their index. One names the page where the row's value does not lead back to the row: where the list
 * cannot be made to begin near it, and where its equals may begin before the page does. A page without a token need not be
 * named: it is where the list begins.
 */
export function placesOf<Row>(
  order: RowOrder<Row>,
  { position, rows, sort, follows }: OrderedPage<Row>,
): (index: number) => RowPlace {
  let firstOf: ReadonlyMap<string, number> | undefined;
  const reachesBack = (value: SortValue | null) =>
    isSameValue(valueAt(order, { rows, sort }, 0), value) &&
    (follows === undefined || isSameValue(follows.value ?? null, value));
  return (index) => {
    const row = rows[index];
    if (row === undefined) throw new RangeError('expected the index of a row');
    const [id, value] = [order.idOf(row), order.valueOf(row, sort)];
    firstOf ??= firstIndexes(rows.map((each) => order.idOf(each)));
    const first = firstOf.get(id) ?? index;
    const earlier = rows
      .slice(first, index)
      .filter((other) => order.idOf(other) === id && isSameValue(order.valueOf(other, sort), value));
    const place = { id, value, occurrence: Math.min(earlier.length, largestOccurrence) };
    const isNamed = position.token !== null && (!isBoundable(order, place) || reachesBack(value));
    return { row: place, page: isNamed ? position : null };
  };
}

function firstIndexes(ids: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, id] of ids.entries()) if (!indexes.has(id)) indexes.set(id, index);
  return indexes;
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
