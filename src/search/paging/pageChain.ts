import type { PageRequest, SearchSort } from '../filter/criteria.ts';
import type { PagePlace } from '../cursor/position.ts';
import { followToken, repeatedToken, startOfTrail } from './tokenLoop.ts';

export interface PageFetch extends PageRequest {
  /** Rows that the page which gave `nextToken` was asked for, should the token only go on at that size. */
  readonly pageSizeOfToken?: number;
  /** Whether the window goes on from a cursor: its pages may then be older. */
  readonly resumed: boolean;
}

export interface FetchedPage<Row> {
  readonly rows: readonly Row[];
  /** Null, undefined or empty: this is the last page. */
  readonly nextToken?: string | null;
  /** The order that HealthImaging says it used. */
  readonly sort?: SearchSort | null;
  /** Rows that were asked for in the end, where that was not `maxResults`. */
  readonly maxResults?: number;
}

/** Gets one upstream page, from HealthImaging or from where its answers are kept. */
export type FetchPage<Row> = (request: PageFetch) => Promise<FetchedPage<Row>>;

export interface ChainPage<Row> {
  readonly place: PagePlace;
  readonly rows: readonly Row[];
  readonly sort: SearchSort | null;
  readonly nextToken: string | null;
}

/** The upstream pages that one field reads, one after the other. Holds which of them were read. */
export interface PageChain<Row> {
  /** Reads a first page. */
  start(place: PagePlace): Promise<ChainPage<Row>>;
  /** The place behind a page that has a next token. Throws UPSTREAM_PROTOCOL_ERROR when the token was seen before. */
  placeAfter(page: ChainPage<Row>): PagePlace;
  /** The page behind a page that has a next token; read once only. */
  follow(page: ChainPage<Row>): Promise<ChainPage<Row>>;
  /** Whether `follow` costs no more than `limit` pages read in all. */
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

  const placeAfter = ({ place, nextToken }: ChainPage<Row>): PagePlace => {
    if (nextToken === null) throw new RangeError('expected a page that has a next token');
    if (tokens.has(nextToken)) throw repeatedToken();
    const trail = followToken(place.trail, nextToken);
    return { token: nextToken, maxResults: pageSize, pageSizeOfToken: place.maxResults, trail };
  };

  const read = async (place: PagePlace): Promise<ChainPage<Row>> => {
    pagesRead += 1;
    if (place.token !== null) tokens.add(place.token);
    const page = await fetchPage(requestOf(place, resumed));
    return {
      place: page.maxResults === undefined ? place : { ...place, maxResults: page.maxResults },
      rows: page.rows,
      sort: page.sort ?? null,
      // As the SDK's own paginators do, an empty token counts as none.
      nextToken: page.nextToken === undefined || page.nextToken === '' ? null : page.nextToken,
    };
  };

  return {
    start: read,
    placeAfter,
    follow(page) {
      const known = followed.get(page);
      if (known !== undefined) return known;
      const next = read(placeAfter(page));
      followed.set(page, next);
      return next;
    },
    canFollow: (page, limit) => page.nextToken !== null && (followed.has(page) || pagesRead < limit),
    pagesRead: () => pagesRead,
  };
}

/** The first page of a walk. */
export function firstPlace(maxResults: number): PagePlace {
  return { token: null, maxResults, pageSizeOfToken: null, trail: startOfTrail };
}

function requestOf({ token, maxResults, pageSizeOfToken }: PagePlace, resumed: boolean): PageFetch {
  return {
    ...(token !== null && { nextToken: token }),
    maxResults,
    ...(pageSizeOfToken !== null && { pageSizeOfToken }),
    resumed,
  };
}
