import { describe, expect, test } from '@jest/globals';

import { listConnection } from '../../../src/search/paging/listConnection.ts';

const items = ['a', 'b', 'c'].map((id) => ({ id }));
const list = { items, idOf: ({ id }: { id: string }) => id };
const cursors = listConnection(list).edges.map(({ cursor }) => cursor);

describe('a connection of a list in memory', () => {
  test('holds the items after a cursor, and says where they are in the list', () => {
    expect(listConnection({ ...list, first: 1, after: cursors[0] })).toEqual({
      edges: [{ cursor: cursors[1], node: { id: 'b' } }],
      nodes: [{ id: 'b' }],
      pageInfo: {
        hasNextPage: true,
        hasPreviousPage: true,
        startCursor: cursors[1],
        endCursor: cursors[1],
      },
    });
  });

  test('holds all of a short list, and nothing after its end', () => {
    expect(listConnection({ ...list, first: null, after: null })).toMatchObject({
      nodes: items,
      pageInfo: {
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: cursors[0],
        endCursor: cursors[2],
      },
    });
    expect(listConnection({ ...list, after: cursors[2] })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  test('refuses a `first` out of range and a cursor of no item', () => {
    expect(() => listConnection({ ...list, first: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
    for (const after of ['', 'x', `${cursors[0] ?? ''}=`]) {
      expect(() => listConnection({ ...list, after })).toThrow(
        expect.objectContaining({ code: 'INVALID_CURSOR' }),
      );
    }
  });
});
