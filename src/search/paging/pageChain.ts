import type { PagePosition, RowPosition } from '../cursor/position.ts';
import type { PageRequest, SearchSort } from '../filter/criteria.ts';
import { followToken, startOfLoopCheck, TokenLoopError } from './tokenLoop.ts';

export interface PageFetch extends PageRequest {
  /** Where the search is made to begin (see bound.ts); absent: at its own start. */
  readonly bound?: string;
  /** Rows requested of the page that gave `nextToken`, in case the token continues at that page size only. */
  readonly pageSizeOfToken?: number;
  /** The row that the page follows: the last one of the page that gave `nextToken`. It does not tell pages apart. */
  readonly follows?: RowPosition;
}

export interface FetchedPage<Row> {
  readonly rows: readonly Row[];
  /** Null, undefined or empty: this is the last page. */
  readonly nextToken?: string | null;
  /** The order that HealthImaging says it used. */
  readonly sort?: SearchSort | null;
  /** Rows requested in the end, where that was not the request's `maxResults`. */
  readonly maxResults?: number;
}

/** A page that was fetched for an earlier window of the same search, with what it was requested by. */
export interface KeptPage<Row> extends FetchedPage<Row> {
  readonly request: PageFetch;
}

/** Where pages of one search come from. */
export interface PageSource<Row> {
  /** Asks HealthImaging, or joins a call that is doing so. */
  readonly fetchPage: (request: PageFetch) => Promise<FetchedPage<Row>>;
  /**
   * The newest of the pages kept of the search that is wanted. `first`: for a window from the start, which may show a second
   * ago; `walk`: for one that goes on, which may show what its walk began with. Absent: none are kept.
   */
  readonly keptPage?: (
    age: 'first' | 'walk',
    isWanted: (page: KeptPage<Row>) => boolean,
  ) => KeptPage<Row> | undefined;
}

export interface ChainPage<Row> {
  readonly position: PagePosition;
  readonly rows: readonly Row[];
  readonly sort: SearchSort | null;
  readonly nextToken: string | null;
  /**
   * The tokens that led to the page and lead on from it; undefined for a kept page. Its token is of another time, and one
   * that stands for an offset would pass over as many rows as have left since: it is not followed.
   */
  readonly tokens: ReadonlySet<string> | undefined;
  /** The row that the page follows, where that is known. */
  readonly follows: RowPosition | undefined;
}

/** The upstream pages that one field reads. */
export interface PageChain<Row> {
  /** Reads a page. */
  read(position: PagePosition): Promise<ChainPage<Row>>;
  /** A kept page, at the position that it was read at. */
  use(page: KeptPage<Row>, position: PagePosition): ChainPage<Row>;
  /** Where the next token of `page` leads. Throws a TokenLoopError when the token was seen before. */
  positionAfter(page: ChainPage<Row>): PagePosition;
  /**
   * The page that the next token of `page` leads to; read once only.
   * @param last the last row before that page, where there is one
   */
  follow(page: ChainPage<Row>, last: RowPosition | undefined): Promise<ChainPage<Row>>;
  pagesRead(): number;
}

export function createPageChain<Row>(
  { fetchPage }: Pick<PageSource<Row>, 'fetchPage'>,
  pageSize: number,
): PageChain<Row> {
  const followed = new Map<ChainPage<Row>, Promise<ChainPage<Row>>>();
  let pagesRead = 0;

  const positionAfter = ({ position, nextToken, tokens }: ChainPage<Row>): PagePosition => {
    if (nextToken === null) throw new RangeError('expected a page that has a next token');
    if (tokens?.has(nextToken) === true) throw new TokenLoopError();
    const loopCheck = followToken(position.loopCheck, nextToken);
    return {
      bound: position.bound,
      token: nextToken,
      maxResults: pageSize,
      pageSizeOfToken: position.maxResults,
      loopCheck,
    };
  };

  const read = async (
    position: PagePosition,
    tokens: ReadonlySet<string> = new Set(),
    follows?: RowPosition,
  ): Promise<ChainPage<Row>> => {
    pagesRead += 1;
    const page = await fetchPage({ ...requestOf(position), ...(follows && { follows }) });
    return {
      ...pageAt(page, position),
      tokens: position.token === null ? tokens : new Set([...tokens, position.token]),
      follows,
    };
  };

  return {
    read: (position) => read(position),
    use: (page, position) => ({
      ...pageAt(page, position),
      tokens: undefined,
      follows: page.request.follows,
    }),
    positionAfter,
    follow(page, last) {
      const known = followed.get(page);
      if (known !== undefined) return known;
      const next = read(positionAfter(page), page.tokens, last);
      followed.set(page, next);
      return next;
    },
    pagesRead: () => pagesRead,
  };
}

/** The first page of a search, or of what is left of it from a bound on. */
export function firstPage(maxResults: number, bound: string | null = null): PagePosition {
  return { bound, token: null, maxResults, pageSizeOfToken: null, loopCheck: startOfLoopCheck };
}

function requestOf({ bound, token, maxResults, pageSizeOfToken }: PagePosition): PageFetch {
  return {
    ...(bound !== null && { bound }),
    ...(token !== null && { nextToken: token }),
    maxResults,
    ...(pageSizeOfToken !== null && { pageSizeOfToken }),
  };
}

function pageAt<Row>(
  { rows, nextToken, sort, maxResults }: FetchedPage<Row>,
  position: PagePosition,
): Omit<ChainPage<Row>, 'tokens' | 'follows'> {
  return {
    position: maxResults === undefined ? position : { ...position, maxResults },
    rows,
    sort: sort ?? null,
    // The SDK's own paginators take an empty token for none, too.
    nextToken: nextToken === undefined || nextToken === '' ? null : nextToken,
  };
}
