import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';

import { planOf, planOfDocument } from './costSchema.ts';

/** The largest cost that a document can have. */
const cost = (source: string, variables?: Readonly<Record<string, unknown>>) =>
  planOf(source, variables).fixed;

describe('an operation costs', () => {
  test.each<[string, string, number]>([
    ['nothing for scalars and enums', '{ title mood __typename }', 0],
    ['its own weight for a field that has one', '{ book { name } }', 100],
    ['the weight of its type where a field has none', '{ book { next { name } } }', 100 + 20],
    ['the weight of a scalar that has one', '{ book { weight } }', 100 + 13],
    ['1 for an object that says nothing', '{ book { author { name } } }', 100 + 1],
    ['twice for one field under two names', '{ a: book { name } b: book { name } }', 200],
    ['nothing for a list of scalars', '{ book { pages } }', 100],
    ['nothing for what its type does not have', '{ book { nothing } nowhere { name } }', 100],
    ['the root of mutations', 'mutation { write { name } }', 20],
    ['nothing where the schema has no such root', 'subscription { book { name } }', 0],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });
});

describe('a list costs each of its items', () => {
  test.each<[string, string, number]>([
    ['as many as are assumed', '{ all { name } }', 4 * 20],
    ['with what is below each', '{ all { author { name } weight } }', 4 * (20 + 1 + 13)],
    ['as many as a list of arguments has', '{ named(names: ["a", "b"]) { name } }', 2 * 7],
    ['as the longer of two such lists', '{ named(names: ["a"], ids: [1, 2, 3, 4, 5]) { name } }', 5 * 7],
    ['none for an empty one', '{ named(names: []) { name } }', 0],
    ['as many as are assumed for null', '{ named(names: null) { name } }', 3 * 7],
    ['in a list again', '{ all { chapters { book { name } } } }', 4 * (20 + 2 * (1 + 20))],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });
});

describe('a connection costs', () => {
  test.each<[string, string, number]>([
    ['its call and the rows that are assumed', '{ books { nodes { name } } }', 200 + 10 * 3],
    ['its call and the rows that are asked for', '{ books(first: 4) { nodes { name } } }', 200 + 4 * 3],
    [
      'its rows once, in both of its lists',
      '{ books(first: 4) { nodes { name } edges { cursor } } }',
      200 + 4 * 3,
    ],
    [
      'what is read of a row once, in both of its lists',
      '{ books(first: 4) { nodes { author { name } weight } edges { node { a: author { name } weight } } } }',
      200 + 4 * (3 + 1 + 13),
    ],
    [
      'all that is read of a row, whichever of its lists shows it',
      '{ books(first: 4) { edges { node { author { name } } } ...F } } fragment F on BookConnection { nodes { weight } }',
      200 + 4 * (3 + 1 + 13),
    ],
    ['what is below each row', '{ books(first: 4) { nodes { author { name } } } }', 200 + 4 * (3 + 1)],
    [
      'nothing beside for a field of weight 0',
      '{ books(first: 4) { edges { node { name } } } }',
      200 + 4 * 1,
    ],
    ['rows that no list shows, since they are read', '{ books(first: 4) { info { more } } }', 200 + 4],
    ['those that are assumed, too', '{ books { total } }', 200 + 10],
    ['none where nothing is called', '{ local(first: 4) { info { more } } }', 0],
    ['rows where nothing is called, once they are shown', '{ local(first: 4) { nodes { name } } }', 4 * 3],
    ['no rows where no number is assumed', '{ local { nodes { name } } }', 0],
    ['no rows for a negative number', '{ books(first: -3) { nodes { name } } }', 200],
    ['no rows for a number that is refused', '{ books(first: 501) { nodes { name } } }', 200],
    ['no rows for none', '{ books(first: 0) { info { more } } }', 200],
    [
      'the same when its list is in a fragment',
      '{ books(first: 4) { ...F } } fragment F on BookConnection { nodes { name } }',
      200 + 4 * 3,
    ],
    [
      'nested rows',
      '{ books(first: 2) { nodes { author { books(first: 3) { nodes { name } } } } } }',
      200 + 2 * (3 + 1 + 1 + 3 * 3),
    ],
    [
      'the same list once in a size of its own',
      '{ books(first: 2) { nodes { chapters { title } } } }',
      200 + 2 * (3 + 2 * (1 + 1)),
    ],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  test('rows by a variable', () => {
    const source = 'query ($n: Int) { books(first: $n) { nodes { name } } }';
    expect([cost(source, { n: 6 }), cost(source, {}), cost(source, { n: null })]).toEqual([218, 230, 230]);
  });

  test('the assumed number of rows where an argument is wrong', () => {
    expect(cost('{ books(first: "four") { nodes { name } } }')).toBe(230);
  });
});

describe('arguments cost', () => {
  test.each<[string, string, number]>([
    ['nothing for scalars', '{ book(isbn: 1) { name } }', 100],
    ['1 for an object', '{ book(filter: {}) { name } }', 100 + 1],
    ['each object in it', '{ book(filter: { title: { equal: "x" } }) { name } }', 100 + 2],
    ['each item of a list', '{ book(filter: { tags: [{ equal: "x" }, {}, {}] }) { name } }', 100 + 1 + 3],
    ['what an input says of itself', '{ book(filter: { limit: 3 }) { name } }', 100 + 1 + 17],
    ['nothing for null', '{ book(filter: { title: null, limit: null }) { name } }', 100 + 1],
    ['as deep as they are', '{ book(filter: { and: [{ and: [{}, {}] }] }) { name } }', 100 + 1 + 1 + 2],
    ['once, however long the list is', '{ books(first: 4, filter: {}) { nodes { name } } }', 200 + 1 + 4 * 3],
    [
      'with each of the fields that have them',
      '{ a: book(filter: {}) { name } b: book(filter: {}) { name } }',
      202,
    ],
    ['what an argument says of itself', 'mutation { write(title: "x") { name } }', 20 + 11],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });
});

describe('a condition', () => {
  test.each<[string, string, number]>([
    ['@skip', '{ book @skip(if: true) { name } }', 0],
    ['@skip of no effect', '{ book @skip(if: false) { name } }', 100],
    ['@include', '{ book @include(if: false) { name } }', 0],
    ['@include of no effect', '{ book @include(if: true) { name } }', 100],
    ['both', '{ book @include(if: true) @skip(if: true) { name } }', 0],
    ['on a fragment', '{ ... @skip(if: true) { book { name } } }', 0],
    ['on a spread', '{ ...F @include(if: false) } fragment F on Query { book { name } }', 0],
  ])('%s is applied', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  test('by a variable is applied', () => {
    const source = 'query ($if: Boolean!) { book @skip(if: $if) { name } thing @include(if: $if) { name } }';
    expect([cost(source, { if: true }), cost(source, { if: false })]).toEqual([1, 100]);
  });
});

describe('a fragment', () => {
  test.each<[string, string, number]>([
    ['costs wherever it is spread', '{ ...F ...F } fragment F on Query { book { name } }', 200],
    [
      'costs by its place',
      '{ book { ...F } all { ...F } } fragment F on Book { author { name } }',
      100 + 1 + 4 * (20 + 1),
    ],
    [
      'is sized by the field above it, and only there',
      `{ books(first: 4) { ...F } local(first: 5) { ...F } } fragment F on BookConnection { edges { cursor } }`,
      200 + 4 + 1,
    ],
    ['that is not there costs nothing', '{ ...F book { name } }', 100],
    ['in a circle ends', '{ ...F } fragment F on Query { book { name } ...F }', 100],
    ['of a type that is not there costs nothing', '{ ... on Nothing { book { name } } }', 0],
    ['of no type is of its place', '{ ... { book { name } } }', 100],
    ['that can never apply costs nothing', '{ book { ... on Author { author { name } } } }', 100],
    ['of an interface applies to its types', '{ book { ... on Thing { author { name } } } }', 100 + 1],
    [
      'of an interface applies to no other',
      '{ books { info { ... on Thing { author { name } } } nodes { name } } }',
      200 + 30,
    ],
    [
      'of a union applies to its types',
      '{ book { ... on Any { ... on Book { author { name } } } } }',
      100 + 1,
    ],
    [
      'of each type costs where the type is not known',
      '{ thing { ... on Book { next { name } } ... on Author { author { name } } } }',
      1 + 20 + 1,
    ],
    [
      'of each type of a union',
      '{ any { __typename ... on Book { next { name } } ... on Author { author { name } } } }',
      1 + 20 + 1,
    ],
    ['in an interface has its fields', '{ thing { weight author { weight } } }', 1 + 13 + 1 + 13],
    ['keeps the object’s own type', '{ book { ... on Thing { ... on Book { next { name } } } } }', 100 + 20],
    [
      'of a sizable field is sized in a condition',
      '{ books(first: 4) { ... on BookConnection { nodes { name } } } }',
      200 + 12,
    ],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  test('is planned once for each kind of place, so that a fragment bomb takes no time', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`,
    );
    expect(cost(`{ ...F0 } ${levels.join(' ')} fragment F60 on Query { thing { name } }`)).toBe(2 ** 60);
  });
});

describe('representations of entities cost', () => {
  const source = `query ($r: [Representation!]!, $reason: String) {
    _entities(representations: $r, reason: $reason) {
      ... on Book { next { name } } ... on Author { author { name } weight } ... on Chapter { title }
    }
  }`;
  const of = (...names: readonly unknown[]) => names.map((name) => ({ __typename: name }));

  test.each<[string, unknown, number]>([
    ['each by its type', of('Book', 'Author', 'Chapter'), 20 + 20 + (1 + 1 + 13) + (1 + 1)],
    ['each time', of('Book', 'Book'), 80],
    ['10 at least, for one of less', of('Chapter'), 10],
    ['10 for what is no type', of('Nothing', 7, undefined), 10],
    ['10 for what is no object type', of('Thing', 'Heavy'), 10],
    ['10 for what is none', [null, 7, 'Book', {}], 10],
    ['10 for none', [], 10],
    ['10 for no list', undefined, 10],
    ['10 for more than are taken', Array.from({ length: 1_001 }, () => ({ __typename: 'Book' })), 10],
  ])('%s', (_title, r, expected) => {
    expect(cost(source, { r })).toBe(expected);
  });

  test('and their arguments as well', () => {
    expect(cost(source, { r: of('Book'), reason: 'x' })).toBe(5 + 40);
  });
});

describe('a document that is planned again costs', () => {
  test.each<[string, string]>([
    ['what its own arguments make of it', 'query ($v: Int) { books(first: $v) { nodes { name } } }'],
    [
      'what arguments below make of it',
      'query ($v: Int) { book { author { books(first: $v) { nodes { name } } } } }',
    ],
    [
      'what arguments in a fragment make of it',
      'query ($v: Int) { book { ...B } } fragment B on Book { author { books(first: $v) { nodes { name } } } }',
    ],
    [
      'what arguments in a fragment of a fragment make of it',
      `query ($v: Int) { book { ...B } } fragment B on Book { author { ...A } }
      fragment A on Author { books(first: $v) { nodes { name } } }`,
    ],
    [
      'what objects in its arguments make of it',
      'query ($v: Int) { all { author { books(first: 1) { nodes { name } } } } book(filter: { and: [{ limit: $v }] }) { name } }',
    ],
  ])('%s', (_title, source) => {
    const document = parse(source);
    const costs = [3, 40, null, 3].map((v) => planOfDocument(document, { v }).fixed);
    expect(costs).toEqual([3, 40, null, 3].map((v) => cost(source, { v })));
    expect(new Set(costs).size).toBeGreaterThan(1);
  });

  test.each<[string, string]>([
    ['a field', '{ book { next @include(if: $v) { weight } } }'],
    ['a fragment', '{ book { ... @skip(if: $v) { weight } } }'],
    ['a fragment that is spread', '{ book { ...B @skip(if: $v) } } fragment B on Book { weight }'],
  ])('what is included of it, by %s', (_title, selections) => {
    const source = `query ($v: Boolean!) ${selections}`;
    const document = parse(source);
    const costs = [true, false, true].map((v) => planOfDocument(document, { v }).fixed);
    expect(costs).toEqual([true, false, true].map((v) => cost(source, { v })));
    expect(costs[0]).not.toBe(costs[1]);
  });

  test('what each of its operations selects of the same fragment', () => {
    const document = parse(
      'query A { ...F } query B { ...F title } fragment F on Query { book { next { name } } }',
    );
    expect([1, 2].map(() => planOfDocument(document, {}).fixed)).toEqual([120, 120]);
  });
});
