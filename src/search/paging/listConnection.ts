import { GatewayError } from '../../errors.ts';
import { encodeCursor } from '../cursor/cursorText.ts';
import { readFirst, type ConnectionArguments } from './connection.ts';

export interface ListConnectionArguments<Item> extends ConnectionArguments {
  readonly items: readonly Item[];
  /** What tells an item from all others. Nothing secret: these cursors are not sealed. */
  readonly idOf: (item: Item) => string;
}

export interface ListConnection<Item> {
  readonly edges: { readonly cursor: string; readonly node: Item }[];
  readonly nodes: Item[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * A window of a list that is in memory as a whole. Throws BAD_USER_INPUT for a `first` out of range, INVALID_CURSOR for an
 * `after` that is not the cursor of an item of the list.
 */
export function listConnection<Item>({
  items,
  idOf,
  first,
  after,
}: ListConnectionArguments<Item>): ListConnection<Item> {
  const count = readFirst(first);
  const all = items.map((node) => ({ cursor: encodeCursor(Buffer.from(`item:${idOf(node)}`)), node }));
  const resumed = after !== null && after !== undefined;
  const start = resumed ? all.findIndex(({ cursor }) => cursor === after) + 1 : 0;
  if (resumed && start === 0) throw new GatewayError('INVALID_CURSOR');
  const edges = all.slice(start, start + count);
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: start + count < all.length,
      hasPreviousPage: resumed,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
