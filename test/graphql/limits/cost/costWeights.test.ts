import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, isInputObjectType } from 'graphql';

import { createCostWeights } from '../../../../src/graphql/limits/cost/costWeights.ts';
import { costSchema, library, weights } from './costSchema.ts';

function fieldOf(typeName: string, name: string) {
  const type = library.getType(typeName);
  const field = type !== undefined && 'getFields' in type ? type.getFields()[name] : undefined;
  if (field === undefined || !('args' in field)) throw new TypeError(`expected a field ${typeName}.${name}`);
  return field;
}

describe('the weights of a schema', () => {
  test('are those of its directives, with the sizes of its lists', () => {
    expect(weights.ofField(fieldOf('Query', 'books'))).toEqual({
      weight: 200,
      isList: false,
      listSize: { assumedSize: 10, slicingArguments: ['first'], sizedFields: ['edges', 'nodes'] },
    });
    expect(weights.ofField(fieldOf('BookConnection', 'nodes'))).toEqual({
      weight: 3,
      isList: true,
      listSize: undefined,
    });
    expect(weights.ofField(fieldOf('Query', 'all'))).toEqual({
      weight: 20,
      isList: true,
      listSize: { assumedSize: 4, slicingArguments: [], sizedFields: [] },
    });
    expect(weights.ofField(fieldOf('Thing', 'weight'))).toEqual({
      weight: 13,
      isList: false,
      listSize: undefined,
    });
  });

  test('are 0 for a field of another schema', () => {
    const [other] = Object.values(costSchema('type Query { a: String }').getQueryType()?.getFields() ?? {});
    if (other === undefined) throw new TypeError('expected a field');
    expect(weights.ofField(other)).toEqual({ weight: 0, isList: false, listSize: undefined });
  });

  test('are 1 for objects and 0 for scalars without directives', () => {
    const of = (name: string) => weights.ofType(library.getType(name) ?? fail(name));
    expect(['Book', 'Author', 'Any', 'Thing', 'Heavy', 'Mood', 'String'].map(of)).toEqual([
      20, 1, 1, 1, 13, 0, 0,
    ]);
  });

  test('of inputs are their own, or else those of their types', () => {
    const schema = costSchema(`
      input Dear @cost(weight: 6) { deep: Int @cost(weight: 7), plain: Int }
      type Query { a(dear: Dear, own: Dear @cost(weight: 8), plain: Int): String }
    `);
    const of = createCostWeights(schema);
    const inputs = schema.getQueryType()?.getFields()['a']?.args ?? [];
    expect(inputs.map((input) => of.ofInput(input))).toEqual([6, 8, undefined]);
    const dear = schema.getType('Dear');
    const members = isInputObjectType(dear) ? Object.values(dear.getFields()) : [];
    expect(members.map((input) => of.ofInput(input))).toEqual([7, undefined]);
  });
});

function fail(name: string): never {
  throw new TypeError(`expected a type ${name}`);
}

describe('a schema', () => {
  test('needs the directives', () => {
    const make = (sdl: string) => () => createCostWeights(parseSchema(sdl));
    expect(make('type Query { a: String }')).toThrow(
      new TypeError('Expected a schema with the directive @cost.'),
    );
    expect(make('directive @cost(weight: Int!) on OBJECT type Query { a: String }')).toThrow(
      new TypeError('Expected a schema with the directive @listSize.'),
    );
  });

  test.each<[string, string]>([
    ['a list of objects that nothing bounds', 'type Query { all: [A] } type A { a: String }'],
    ['one in a list that may not be null', 'type Query { all: [A!]! } type A { a: String }'],
    ['one of an interface', 'type Query { a: A } interface A { all: [A] }'],
    [
      'a list like that of entities where none are',
      'type Query { a: A } type A { all: [A], _entities: [A] }',
    ],
  ])('is refused for %s', (_title, sdl) => {
    expect(() => createCostWeights(costSchema(sdl))).toThrow(
      new TypeError('Expected @listSize for the list all.'),
    );
  });

  test('is refused for an _entities that is not a root field', () => {
    expect(() => createCostWeights(costSchema('type Query { a: A } type A { _entities: [A] }'))).toThrow(
      new TypeError('Expected @listSize for the list _entities.'),
    );
  });

  test.each<[string, string]>([
    ['a list of scalars', 'type Query { all: [String] }'],
    ['a list of a size', 'type Query { all: [A] @listSize(assumedSize: 1) } type A { a: String }'],
    [
      'a list that another field is the size of',
      'type Query { a: A @listSize(sizedFields: ["all"]) } type A { all: [A] }',
    ],
    ['entities', 'type Query { _entities: [A] } type A { a: String }'],
    ['an object', 'type Query { a: A } type A { a: A }'],
  ])('may have %s', (_title, sdl) => {
    expect(() => createCostWeights(costSchema(sdl))).not.toThrow();
  });
});
