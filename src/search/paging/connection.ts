import { badUserInput } from '../../errors.ts';
import type { CursorBinding, CursorScope, CursorSealer } from '../cursor/cursor.ts';
import type { Position, RowPlace } from '../cursor/position.ts';
import type { SearchCriteria, SearchSort } from '../filter/criteria.ts';
import { sortFieldName, type ImageSetSortField } from '../filter/filter.ts';
import { fingerprint } from '../filter/fingerprint.ts';
import type { ImageSetRow } from '../imageSet.ts';
import { boundAt, boundedBy } from './bound.ts';
import type { FetchedPage, PageFetch } from './pageChain.ts';
import type { PagedSource } from './walk.ts';
import { sortValueOf } from './sortValue.ts';
import { openWindow, type Window } from './window.ts';

// From cursor to connection: `first: 4` after the cursor of row c, over upstream pages of five rows.
//
//   cursor      text that only the gateway can read                   sealer.open(after)
//   position    row c and its sort value, wherever it is by now       walk.ts
//   pages       [ a  b  c  d  e ]--next token-->[ f  g  h  i  j ]     a kept page that holds c, or the search from c on
//   window                  [ d  e                f  g ]              window.ts: take rows
//   hasNextPage                                         h             in a page already read: true without a call
//   connection  edges d e f g                                         sealer.seal(position), when selected
//
// graphql-relay-js cuts such a window out of an array by offsets. Here the list is known page by page only and may change
// between two windows, so a cursor names a row by its value, as keyset paging does. The end of the list is looked for only
// when a client asks.

/** A field's arguments, as in the Relay specification. Forward only, since HealthImaging's next tokens run one way. */
export interface ConnectionArguments {
  /** 1 to 500; 25 when left out. */
  readonly first?: number | null | undefined;
  /** A cursor of the same list. */
  readonly after?: string | null | undefined;
}

/** A list that HealthImaging returns page by page, and what its cursors are sealed with and for. */
export interface PagedList<Row> extends PagedSource<Row> {
  readonly sealer: CursorSealer;
  readonly binding: CursorScope;
  /** 16 bytes that stand for what is listed, and in which order (see fingerprint.ts). */
  readonly fingerprint: Buffer;
}

/** A page of a search, by the criteria that HealthImaging is to be asked by. */
export interface SearchPageFetch extends PageFetch {
  readonly criteria: SearchCriteria;
}

/** As `PagedList`, for the image sets that a search finds. */
export interface ImageSetSearch extends Omit<PagedList<ImageSetRow>, 'fingerprint' | 'order' | 'fetchPage'> {
  readonly criteria: SearchCriteria;
  readonly fetchPage: (request: SearchPageFetch) => Promise<FetchedPage<ImageSetRow>>;
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

/** Connections of the same rows and the same text are equal, but for whether a next page follows. */
export interface ConnectionIdentity {
  /** Of the page that the window is part of. */
  readonly pageRows: object;
  /** The window, and whom its cursors are for. It has names of principals: for a key in memory, never for a log. */
  readonly text: () => string;
}

/**
 * A window in the form that GraphQL reads it. Execution calls the functions of plain objects where their fields are
 * selected, so a cursor that is not selected is never sealed, and the next page is not looked for.
 */
export interface Connection<Row> {
  /** Undefined where it cannot be told by them that two connections are equal. */
  readonly sameAs: ConnectionIdentity | undefined;
  readonly edges: readonly Edge<Row>[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
}

export interface ImageSetConnection extends Connection<ImageSetRow> {
  /** Null when HealthImaging does not say. */
  readonly sort: { readonly field: ImageSetSortField; readonly order: SearchSort['sortOrder'] } | null;
  /** Reads the upstream page that a later window will need. */
  readonly readAhead: () => Promise<void>;
}

/**
 * The image sets of a search, from those after `after` on. Throws BAD_USER_INPUT for a `first` out of range, what
 * `CursorSealer.open` throws for `after`, and what `walkWindow` throws.
 */
export async function imageSetConnection(
  args: ConnectionArguments,
  { criteria, fetchPage, ...source }: ImageSetSearch,
): Promise<ImageSetConnection> {
  const list: PagedList<ImageSetRow> = {
    ...source,
    fingerprint: fingerprint(criteria),
    order: {
      idOf: ({ imageSetId }) => imageSetId,
      valueOf: (row, reported) => sortValueOf(row, criteria, reported),
      boundAt: (value, margin) => boundAt(criteria, value, margin),
    },
    fetchPage: (request) =>
      fetchPage({
        ...request,
        criteria: request.bound === undefined ? criteria : boundedBy(criteria, request.bound),
      }),
  };
  const { window, connection } = await openList(args, list);
  const { sort, readAhead } = window;
  return {
    ...{ ...connection, readAhead },
    sort: sort && { field: sortFieldName(sort.sortField), order: sort.sortOrder },
  };
}

/** As `imageSetConnection`, for any other list that HealthImaging returns page by page. */
export async function windowConnection<Row>(
  args: ConnectionArguments,
  list: PagedList<Row>,
): Promise<Connection<Row>> {
  return (await openList(args, list)).connection;
}

async function openList<Row>({ first, after }: ConnectionArguments, list: PagedList<Row>) {
  const { sealer, fingerprint } = list;
  const binding: CursorBinding = { ...list.binding, fingerprint };
  const position = after === null || after === undefined ? undefined : sealer.open(after, binding);
  const window = await openWindow(list, {
    first: readFirst(first),
    ...(position !== undefined && { after: position }),
  });
  const cursorOf = (position: Position) => sealer.seal(position, binding);
  const cursorsOf = (places: readonly RowPlace[]) => sealer.sealEach(places, binding);
  return {
    window,
    connection: connectionOf(window, {
      cursorOf,
      cursorsOf,
      binding,
      hasPreviousPage: position !== undefined,
    }),
  };
}

function connectionOf<Row>(
  { rows, origin, endPosition, hasNextPage }: Window<Row>,
  {
    cursorOf,
    cursorsOf,
    binding,
    hasPreviousPage,
  }: {
    readonly cursorOf: (position: Position) => string;
    readonly cursorsOf: (places: readonly RowPlace[]) => readonly string[];
    readonly binding: CursorBinding;
    readonly hasPreviousPage: boolean;
  },
): Connection<Row> {
  // Who selects the cursor of one edge selects those of all.
  let cursors: readonly string[] | undefined;
  const cursorOfRow = (index: number) =>
    (cursors ??= cursorsOf(rows.map(({ position }) => position())))[index] ?? '';
  const cursorAt = (position: Position | undefined) => (position === undefined ? null : cursorOf(position));
  const textOf = (index: number) => {
    const { datastoreId, tenant, principal, fingerprint } = binding;
    const scope = [datastoreId, tenant, principal, fingerprint.toString('base64url')];
    return JSON.stringify([index, rows.length, hasPreviousPage, ...scope]);
  };
  return {
    sameAs: origin && { pageRows: origin.pageRows, text: () => textOf(origin.index) },
    edges: rows.map(({ row }, index) => ({ cursor: () => cursorOfRow(index), node: row })),
    nodes: rows.map(({ row }) => row),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: () => cursorAt(rows[0]?.position()),
      endCursor: () => cursorAt(endPosition ?? rows.at(-1)?.position()),
    },
  };
}

const defaultFirst = 25;
export const largestFirst = 500;

/** The number of rows requested. Throws BAD_USER_INPUT when it is not a whole number from 1 to 500. */
export function readFirst(first: number | null | undefined): number {
  const count = first ?? defaultFirst;
  if (!Number.isInteger(count) || count < 1 || count > largestFirst) {
    throw badUserInput('first', `a whole number from 1 to ${largestFirst}`);
  }
  return count;
}
