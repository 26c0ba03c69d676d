import { describe, expect, test } from '@jest/globals';

import { actualCost } from '../../../../src/graphql/limits/cost/actualCost.ts';
import { planOf } from './costSchema.ts';

const actual = (source: string, data: unknown, variables?: Readonly<Record<string, unknown>>) =>
  actualCost(planOf(source, variables), data);

describe('a response cost', () => {
  const rows = '{ books(first: 9, filter: {}) { nodes { name author { name } } info { more } } }';
  test.each<[string, string, unknown, number]>([
    [
      'the call and the rows that came',
      rows,
      { books: { nodes: [{ author: {} }, { author: {} }] } },
      201 + 2 * 4,
    ],
    ['the call without rows', rows, { books: { nodes: [] } }, 201],
    ['the call that found nothing or failed', rows, { books: null }, 201],
    ['nothing where there is no such field', rows, {}, 0],
    ['nothing where there is no data', rows, null, 0],
    ['nothing where data is missing', rows, undefined, 0],
    ['a null below a row as asked for', rows, { books: { nodes: [{ author: null }] } }, 201 + 4],
    ['nothing below a row that is null', rows, { books: { nodes: [null, { author: {} }] } }, 201 + 3 + 4],
    ['no row of a list that is null', '{ named(names: ["a"]) { name } }', { named: null }, 0],
    ['rows that are read and not shown', '{ books(first: 4) { total } }', { books: { total: 7 } }, 204],
    ['nothing below what is no object', '{ book { author { name } } }', { book: 7 }, 100],
    ['what stands under another name', '{ a: book { name } b: book { name } }', { a: {}, book: {} }, 100],
    [
      'fragments as they applied',
      '{ thing { ... on Book { next { name } } ... on Author { author { name } } } }',
      { thing: { author: {} } },
      2,
    ],
    [
      'lists as long as they came',
      '{ all { chapters { title } } }',
      { all: [{ chapters: [{ title: 'x' }] }, {}] },
      2 * 20 + 1 + 1,
    ],
    ['the weight of a scalar that came', '{ book { weight } }', { book: { weight: 1 } }, 113],
    ['no scalar that did not come', '{ book { weight } }', { book: {} }, 100],
  ])('%s', (_title, source, data, expected) => {
    expect(actual(source, data)).toBe(expected);
  });

  test('each entity by the type of its representation', () => {
    const source = `query ($r: [Representation!]!) {
      _entities(representations: $r, reason: "x") { ... on Book { next { name } } ... on Author { author { name } } }
    }`;
    const r = [{ __typename: 'Book' }, { __typename: 'Author' }, { __typename: 'Book' }];
    const of = (entities: unknown) => actual(source, { _entities: entities }, { r });
    expect(of([{ next: {} }, { author: {} }, null])).toBe(5 + 40 + 2 + 20);
    expect(of([{ next: {} }])).toBe(5 + 40);
    expect(of([{}, {}, {}, { next: {} }])).toBe(5 + 20 + 1 + 20);
    expect(of(null)).toBe(5);
  });
});
