/** How far a walk has come along its chain of tokens: enough to notice a chain that goes in a circle (see trail.ts). */
export interface Trail {
  /** Tokens followed so far; 0 on the first page. */
  readonly followed: number;
  /** The digest of the token followed last at a power of two, 16 hex digits; empty on the first page. */
  readonly mark: string;
}

/** What an upstream page is asked by: the same again gives the same page again, while nothing changes. */
export interface PagePlace {
  /** The token that leads to the page; null: the first page. */
  readonly token: string | null;
  /** Rows asked for, 1 to 50. */
  readonly maxResults: number;
  /** Rows that the page which gave the token was asked for; null on the first page. */
  readonly pageSizeOfToken: number | null;
  readonly trail: Trail;
}

/** A row within its page, and its neighbours there: they tell whether it is the row or the rest that has moved. */
export interface RowPlace {
  readonly index: number;
  readonly id: string;
  /** Short hash of the id of the row before it; null for the page's first row. */
  readonly previous: number | null;
  /** Short hash of the id of the row behind it; null for the page's last row. */
  readonly next: number | null;
}

/** Where a window ends: behind a row of a page or, when the pages had no row to stand on, at the start of a page. */
export interface Position {
  /** Shared by the positions of one page, which lets their cursors share work. */
  readonly page: PagePlace;
  readonly row: RowPlace | null;
}

/**
 * FNV-1a, 32 bits, never 0: to recognise a neighbour that rows may have moved away from. Never trusted: two ids in
 * 2^32 look alike, and then rows may be placed as if no neighbour were known.
 */
export function shortHash(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0 || 1;
}
