/** What a walk remembers of the next tokens it has followed: enough to find out that they form a loop (see tokenLoop.ts). */
export interface LoopCheck {
  /** Tokens followed so far; 0 on the first page. */
  readonly followed: number;
  /** Digest of the token followed last at a power of two, 16 hex digits; empty on the first page. */
  readonly mark: string;
}

/** What an upstream page is requested by: the same request returns the same page while nothing changes. */
export interface PagePosition {
  /** The next token that leads to the page; null: the first page. */
  readonly token: string | null;
  /** Rows requested, 1 to 50. */
  readonly maxResults: number;
  /** Rows requested of the page that gave the token; null on the first page. */
  readonly pageSizeOfToken: number | null;
  readonly loopCheck: LoopCheck;
}

/** A row within its page. Its neighbours tell whether the row has moved, or the rows around it. */
export interface RowPosition {
  readonly index: number;
  readonly id: string;
  /** Short hash of the id of the row before it; null for the page's first row. */
  readonly previous: number | null;
  /** Short hash of the id of the row after it; null for the page's last row. */
  readonly next: number | null;
}

/** Where a window ends: after a row of a page or, where the last page read was empty, at the start of the next one. */
export interface Position {
  /** One object for all positions in a page, so that their cursors share its seal. */
  readonly page: PagePosition;
  readonly row: RowPosition | null;
}

/**
 * FNV-1a, 32 bits, never 0: recognises a neighbour after rows have moved. It is a hint: where two ids share a hash, the
 * window may start as if no neighbour were known.
 */
export function shortHash(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0 || 1;
}
