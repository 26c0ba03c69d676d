import type { SearchCriteria, SearchSort } from '../filter/criteria.ts';
import type { CursorBinding, CursorScope, CursorSealer } from '../cursor/cursor.ts';
import { sortFieldName, type ImageSetSortField } from '../filter/filter.ts';
import { fingerprint } from '../filter/fingerprint.ts';
import type { ImageSetRow } from '../imageSet.ts';
import { readFirst, type PagingArguments } from './pagingArguments.ts';
import { walkWindow, type FetchPage, type Window } from './walk.ts';

/** Where the pages of a list come from, and what its cursors are sealed with and for. */
export interface WindowSource<Row> {
  readonly binding: CursorScope;
  readonly fetchPage: FetchPage<Row>;
  readonly sealer: CursorSealer;
  /** Rows asked of an upstream page, 1 to 50. */
  readonly pageSize: number;
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
 * A window, as GraphQL execution reads it: it calls the functions that it finds on plain objects, so cursors are sealed,
 * and a next page is looked for, only where they are selected.
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

export interface WindowConnectionArguments<Row> extends PagingArguments, WindowSource<Row> {
  /** 16 bytes: what is listed, and how (see fingerprint.ts). */
  readonly fingerprint: Buffer;
  /** What tells a row of the list from all others. */
  readonly idOf: (row: Row) => string;
}

export interface ImageSetConnectionArguments extends PagingArguments, WindowSource<ImageSetRow> {
  readonly criteria: SearchCriteria;
}

/**
 * The image sets of a search that follow `after`. Throws BAD_USER_INPUT for a `first` out of range, what
 * `CursorSealer.open` throws for `after`, and what `walkWindow` throws.
 */
export async function imageSetConnection({
  criteria,
  ...rest
}: ImageSetConnectionArguments): Promise<ImageSetConnection> {
  const args = { ...rest, fingerprint: fingerprint(criteria), idOf: (row: ImageSetRow) => row.imageSetId };
  const { window, connection } = await openWindow(args);
  const { sort } = window;
  return {
    ...connection,
    sort: sort && { field: sortFieldName(sort.sortField), order: sort.sortOrder },
  };
}

/** As `imageSetConnection`, for any other list that HealthImaging gives page by page. */
export async function windowConnection<Row>(args: WindowConnectionArguments<Row>): Promise<Connection<Row>> {
  return (await openWindow(args)).connection;
}

async function openWindow<Row>({ first, after, ...source }: WindowConnectionArguments<Row>) {
  const { sealer, fetchPage, pageSize, idOf } = source;
  const binding: CursorBinding = { ...source.binding, fingerprint: source.fingerprint };
  const position = after === null || after === undefined ? undefined : sealer.open(after, binding);
  const window = await walkWindow(fetchPage, {
    first: readFirst(first),
    ...(position !== undefined && { after: position }),
    pageSize,
    idOf,
  });
  return { window, connection: connectionOf(window, position !== undefined, { sealer, binding }) };
}

function connectionOf<Row>(
  { rows, endPosition, hasNextPage }: Window<Row>,
  resumed: boolean,
  { sealer, binding }: { readonly sealer: CursorSealer; readonly binding: CursorBinding },
): Connection<Row> {
  const edges = rows.map(({ row, position }) => ({
    cursor: () => sealer.seal(position, binding),
    node: row,
  }));
  return {
    edges,
    nodes: rows.map(({ row }) => row),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: resumed,
      startCursor: () => edges[0]?.cursor() ?? null,
      endCursor: () => (endPosition ? sealer.seal(endPosition, binding) : (edges.at(-1)?.cursor() ?? null)),
    },
  };
}
