import type { SearchSort } from '../filter/criteria.ts';

/** What a walk remembers of the next tokens it has followed: enough to find out that they form a loop (see tokenLoop.ts). */
export interface LoopCheck {
  /** Tokens followed so far; 0 on the first page. */
  readonly followed: number;
  /** Digest of the token followed last at a power of two, 16 hex digits; empty on the first page. */
  readonly mark: string;
}

/** What an upstream page is requested by: the same request returns the same page while nothing changes. */
export interface PagePosition {
  /** Where the search was made to begin (see bound.ts); null: at its own start. */
  readonly bound: string | null;
  /** The next token that leads to the page; null: the first page. */
  readonly token: string | null;
  /** Rows requested, 1 to 50. */
  readonly maxResults: number;
  /** Rows requested of the page that gave the token; null on the first page. */
  readonly pageSizeOfToken: number | null;
  readonly loopCheck: LoopCheck;
}

/** What a search is sorted by, and what a row has there. */
export interface SortValue {
  readonly sort: SearchSort;
  /** A time as RFC 3339 text in UTC with milliseconds; a study's date and time as the file has them, with a bar between. */
  readonly text: string;
}

/** A row by what it is, wherever it may be now. */
export interface RowPosition {
  readonly id: string;
  /**
   * Null where the row has no sort value, or its list no known order. Undefined in a cursor of format 1, which has none: the
   * row is known by its id alone.
   */
  readonly value: SortValue | null | undefined;
  /** How many rows of the same id and value come before it; 0 unless HealthImaging lists a row twice. */
  readonly occurrence: number;
}

/**
 * Where a window ends: after a row or, where the last page read was empty, at the start of the next one. The page of a row
 * is named only where its value does not lead back to it.
 */
export type Position =
  | { readonly row: RowPosition; readonly page: PagePosition | null }
  | { readonly row: null; readonly page: PagePosition };

/** A position that is a row's. */
export type RowPlace = Extract<Position, { row: RowPosition }>;
