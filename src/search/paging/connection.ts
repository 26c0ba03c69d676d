import { badUserInput } from '../../errors.ts';
import type { CursorBinding, CursorScope, CursorSealer } from '../cursor/cursor.ts';
import type { Position } from '../cursor/position.ts';
import type { SearchCriteria, SearchSort } from '../filter/criteria.ts';
import { sortFieldName, type ImageSetSortField } from '../filter/filter.ts';
import { fingerprint } from '../filter/fingerprint.ts';
import type { ImageSetRow } from '../imageSet.ts';
import type { FetchPage } from './pageChain.ts';
import { walkWindow, type Window } from './walk.ts';

// From cursor to connection: `first: 4` after the cursor of row c, over upstream pages of five rows.
//
//   cursor      text that only the gateway can read                   sealer.open(after)
//   position    page 1 (the first, no token), index 2, id c, neighbours b and d
//   pages       [ a  b  c  d  e ]--next token-->[ f  g  h  i  j ]--next token-->
//   window                  [ d  e                f  g ]              walkWindow: resume, then take rows
//   hasNextPage                                         h             in a page already read: true without a call
//   connection  edges d e f g, each with its position; endCursor      sealer.seal(position), when selected
//
// graphql-relay-js cuts such a window out of an array by offsets. Here the list is known page by page only and may change
// between two windows, so a position names its page and its row rather than an offset, and the end of the list is looked
// for only when a client asks.

/** A field's arguments, as in the Relay specification. Forward only, since HealthImaging's next tokens run one way. */
export interface ConnectionArguments {
  /** 1 to 500; 25 when left out. */
  readonly first?: number | null | undefined;
  /** A cursor of the same list. */
  readonly after?: string | null | undefined;
}

/** A list that HealthImaging returns page by page, and what its cursors are sealed with and for. */
export interface PagedList<Row> {
  readonly fetchPage: FetchPage<Row>;
  /** Rows requested of an upstream page, 1 to 50. */
  readonly pageSize: number;
  /** What tells a row of the list from all others. */
  readonly idOf: (row: Row) => string;
  readonly sealer: CursorSealer;
  readonly binding: CursorScope;
  /** 16 bytes that stand for what is listed, and in which order (see fingerprint.ts). */
  readonly fingerprint: Buffer;
}

/** As `PagedList`, for the image sets that a search finds. */
export interface ImageSetSearch extends Omit<PagedList<ImageSetRow>, 'fingerprint' | 'idOf'> {
  readonly criteria: SearchCriteria;
}

export interface Edge<Row> {
  readonly cursor: () => string;
  readonly node: Row;
}

export interface PageInfo {
  readonly hasNextPage: () => Promise<boolean>;
  readonly hasPreviousPage: boolean;
  readonly startCursor: () => string | null;
  readonly endCursor: () => string | null;
}

/**
 * A window in the form that GraphQL reads it. Execution calls the functions of plain objects where their fields are
 * selected, so a cursor that is not selected is never sealed, and the next page is not looked for.
 */
export interface Connection<Row> {
  readonly edges: readonly Edge<Row>[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
}

export interface ImageSetConnection extends Connection<ImageSetRow> {
  /** Null when HealthImaging does not say. */
  readonly sort: { readonly field: ImageSetSortField; readonly order: SearchSort['sortOrder'] } | null;
}

/**
 * The image sets of a search, from those after `after` on. Throws BAD_USER_INPUT for a `first` out of range, what
 * `CursorSealer.open` throws for `after`, and what `walkWindow` throws.
 */
export async function imageSetConnection(
  args: ConnectionArguments,
  { criteria, ...source }: ImageSetSearch,
): Promise<ImageSetConnection> {
  const list = { ...source, fingerprint: fingerprint(criteria), idOf: (row: ImageSetRow) => row.imageSetId };
  const { window, connection } = await openWindow(args, list);
  const { sort } = window;
  return {
    ...connection,
    sort: sort && { field: sortFieldName(sort.sortField), order: sort.sortOrder },
  };
}

/** As `imageSetConnection`, for any other list that HealthImaging returns page by page. */
export async function windowConnection<Row>(
  args: ConnectionArguments,
  list: PagedList<Row>,
): Promise<Connection<Row>> {
  return (await openWindow(args, list)).connection;
}

async function openWindow<Row>({ first, after }: ConnectionArguments, list: PagedList<Row>) {
  const { fetchPage, pageSize, idOf, sealer, fingerprint } = list;
  const binding: CursorBinding = { ...list.binding, fingerprint };
  const position = after === null || after === undefined ? undefined : sealer.open(after, binding);
  const window = await walkWindow(fetchPage, {
    first: readFirst(first),
    ...(position !== undefined && { after: position }),
    pageSize,
    idOf,
  });
  const cursorOf = (position: Position) => sealer.seal(position, binding);
  return { window, connection: connectionOf(window, { cursorOf, hasPreviousPage: position !== undefined }) };
}

function connectionOf<Row>(
  { rows, endPosition, hasNextPage }: Window<Row>,
  {
    cursorOf,
    hasPreviousPage,
  }: { readonly cursorOf: (position: Position) => string; readonly hasPreviousPage: boolean },
): Connection<Row> {
  const [start, end] = [rows[0]?.position, endPosition ?? rows.at(-1)?.position];
  return {
    edges: rows.map(({ row, position }) => ({ cursor: () => cursorOf(position), node: row })),
    nodes: rows.map(({ row }) => row),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: () => (start ? cursorOf(start) : null),
      endCursor: () => (end ? cursorOf(end) : null),
    },
  };
}

const defaultFirst = 25;
const largestFirst = 500;

/** The number of rows requested. Throws BAD_USER_INPUT when it is not a whole number from 1 to 500. */
export function readFirst(first: number | null | undefined): number {
  const count = first ?? defaultFirst;
  if (!Number.isInteger(count) || count < 1 || count > largestFirst) {
    throw badUserInput('first', `a whole number from 1 to ${largestFirst}`);
  }
  return count;
}
