import { largestFirst } from '../../search/paging/connection.ts';

/** The most items that a list may be asked for, by argument. Resolvers refuse more; the cost of an operation relies on that. */
export const largestSizes = {
  /** Of every connection. */
  first: largestFirst,
  /** Identifiers that `nodes` takes at once. */
  nodes: 100,
  /** Of an operation: the largest page has 500 rows, and a gateway may gather the entities of two pages in one request. */
  representations: 1_000,
} as const;
