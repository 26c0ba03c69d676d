import { GatewayError } from '../../errors.ts';
import type { RowPosition } from '../cursor/position.ts';
import type { ChainPage } from './pageChain.ts';
import { indexOfRow, valueAt, type RowOrder } from './rowOrder.ts';
import { relate } from './sortValue.ts';

/** The rows of `page` from `index` on come next; none do where the list ends with it. */
export interface Start<Row> {
  readonly page: ChainPage<Row>;
  readonly index: number;
}

export interface Passed<Row> extends Start<Row> {
  /** Whether the row itself was found, with its value unchanged. */
  readonly isFound: boolean;
}

/**
 * Goes over the rows from the start of a page on. What comes next is behind the row itself or, where that has gone, the first
 * row that is not surely before it: rows of equal value may so be shown again, and none is lost.
 * @param behind gets what comes behind a page that has a next token
 */
export async function passOver<Row>(
  order: RowOrder<Row>,
  first: ChainPage<Row>,
  row: RowPosition,
  behind: (page: ChainPage<Row>) => Promise<Start<Row>>,
): Promise<Passed<Row>> {
  let next: Start<Row> | undefined;
  for (let at: Start<Row> = { page: first, index: 0 }; ; at = await behind(at.page)) {
    const { page } = at;
    const own = indexOfRow(order, page, row);
    if (own !== undefined && own >= at.index) return { page, index: own + 1, isFound: true };
    for (let { index } = at; index < page.rows.length; index += 1) {
      const value = valueAt(order, page, index);
      const relation = relate(value, row.value);
      if (relation === 'behind') return { ...(next ?? { page, index }), isFound: false };
      if (relation === 'before') next = undefined;
      else if (next === undefined || isFirstWithout(order, next, { row, value })) next = { page, index };
    }
    if (page.nextToken !== null) continue;
    // Of a row that was known by its id alone, nothing says where it would be.
    if (row.value === undefined) throw new GatewayError('CURSOR_EXPIRED');
    return { ...(next ?? { page, index: page.rows.length }), isFound: false };
  }
}

/** Rows without a value stand together, at one end of the list: those before the first of them are before all of them. */
function isFirstWithout<Row>(
  order: RowOrder<Row>,
  next: Start<Row>,
  { row, value }: { readonly row: RowPosition; readonly value: ReturnType<typeof valueAt> },
): boolean {
  return row.value === null && value === null && valueAt(order, next.page, next.index) !== null;
}
