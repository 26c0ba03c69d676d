import type { PagePosition } from '../cursor/position.ts';
import type { PageRequest, SearchSort } from '../filter/criteria.ts';
import { followToken, startOfLoopCheck, TokenLoopError } from './tokenLoop.ts';

export interface PageFetch extends PageRequest {
  /** Rows requested of the page that gave `nextToken`, in case the token continues at that page size only. */
  readonly pageSizeOfToken?: number;
  /** Whether the window starts from a cursor: its pages may then be older. */
  readonly resumed: boolean;
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

/** Gets one upstream page, from HealthImaging or from a cache of its pages. */
export type FetchPage<Row> = (request: PageFetch) => Promise<FetchedPage<Row>>;

export interface ChainPage<Row> {
  readonly position: PagePosition;
  readonly rows: readonly Row[];
  readonly sort: SearchSort | null;
  readonly nextToken: string | null;
}

/** The upstream pages that one field reads, each linked to the next by its next token. */
export interface PageChain<Row> {
  /** Reads the chain's first page, from any position. */
  start(position: PagePosition): Promise<ChainPage<Row>>;
  /** Where the next token of `page` leads. Throws a TokenLoopError when the token was seen before. */
  positionAfter(page: ChainPage<Row>): PagePosition;
  /** The page that the next token of `page` leads to; read once only. */
  follow(page: ChainPage<Row>): Promise<ChainPage<Row>>;
  /** Whether there is a page to follow, and following keeps the pages read within `limit`. */
  canFollow(page: ChainPage<Row>, limit: number): boolean;
  pagesRead(): number;
}

export function createPageChain<Row>(
  fetchPage: FetchPage<Row>,
  { pageSize, resumed }: { readonly pageSize: number; readonly resumed: boolean },
): PageChain<Row> {
  const tokens = new Set<string>();
  const followed = new Map<ChainPage<Row>, Promise<ChainPage<Row>>>();
  let pagesRead = 0;

  const positionAfter = ({ position, nextToken }: ChainPage<Row>): PagePosition => {
    if (nextToken === null) throw new RangeError('expected a page that has a next token');
    if (tokens.has(nextToken)) throw new TokenLoopError();
    const loopCheck = followToken(position.loopCheck, nextToken);
    return { token: nextToken, maxResults: pageSize, pageSizeOfToken: position.maxResults, loopCheck };
  };

  const read = async (position: PagePosition): Promise<ChainPage<Row>> => {
    pagesRead += 1;
    if (position.token !== null) tokens.add(position.token);
    const page = await fetchPage(requestOf(position, resumed));
    return {
      position: page.maxResults === undefined ? position : { ...position, maxResults: page.maxResults },
      rows: page.rows,
      sort: page.sort ?? null,
      // The SDK's own paginators take an empty token for none, too.
      nextToken: page.nextToken === undefined || page.nextToken === '' ? null : page.nextToken,
    };
  };

  return {
    start: read,
    positionAfter,
    follow(page) {
      const known = followed.get(page);
      if (known !== undefined) return known;
      const next = read(positionAfter(page));
      followed.set(page, next);
      return next;
    },
    canFollow: (page, limit) => page.nextToken !== null && (followed.has(page) || pagesRead < limit),
    pagesRead: () => pagesRead,
  };
}

/** The first page of a search. */
export function firstPage(maxResults: number): PagePosition {
  return { token: null, maxResults, pageSizeOfToken: null, loopCheck: startOfLoopCheck };
}

function requestOf({ token, maxResults, pageSizeOfToken }: PagePosition, resumed: boolean): PageFetch {
  return {
    ...(token !== null && { nextToken: token }),
    maxResults,
    ...(pageSizeOfToken !== null && { pageSizeOfToken }),
    resumed,
  };
}
