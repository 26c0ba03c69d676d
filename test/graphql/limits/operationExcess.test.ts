import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, GraphQLError, parse, validate } from 'graphql';

import { GatewayError } from '../../../src/errors.ts';
import { operationExcess } from '../../../src/graphql/limits/operationExcess.ts';
import { operationSizes } from '../../../src/graphql/limits/operationSize.ts';
import { operationLimitsRule } from '../../../src/graphql/limits/limiting.ts';

const size = (source: string) => operationSizes(parse(source))[0];
const none = { roots: 0, levels: 0, listings: 0, aliases: 0 };
const empty = {
  selections: 0,
  aliases: 0,
  directives: 0,
  levels: 0,
  fields: 0,
  entities: 0,
  typenameAliases: 0,
  allLevels: 0,
  listings: 0,
  introspection: none,
};

describe('the size of an operation', () => {
  test.each<[string, string, object]>([
    ['of one field', '{ a }', { selections: 1, fields: 1, levels: 1, allLevels: 1 }],
    ['of fields beside each other', '{ a b c }', { selections: 3, fields: 3, levels: 1, allLevels: 1 }],
    [
      'of fields within each other',
      '{ a { b { c } d } }',
      { selections: 4, fields: 1, levels: 3, allLevels: 3 },
    ],
    [
      'of __typename, which is no field of the root',
      '{ __typename a }',
      { selections: 2, fields: 1, levels: 1, allLevels: 1 },
    ],
    [
      'of aliases at any depth',
      '{ x: a { y: b c } }',
      { selections: 3, fields: 1, levels: 2, allLevels: 2, aliases: 2 },
    ],
    [
      'of directives wherever they are',
      'query ($v: Int @d) @d { a @d @d { b @d } ... @d { c } ...F @d } fragment F on Q @d { e @d }',
      { selections: 6, fields: 3, levels: 2, allLevels: 2, directives: 9 },
    ],
    [
      'of fragments in place',
      '{ ... on Q { a { b } } }',
      { selections: 3, fields: 1, levels: 2, allLevels: 2 },
    ],
    [
      'of a fragment at each of its spreads',
      '{ ...F ...F a { ...G } } fragment F on Q { x: b c } fragment G on A { d { e } }',
      { selections: 10, fields: 5, levels: 3, allLevels: 3, aliases: 2 },
    ],
    ['of a fragment that is not there', '{ ...F }', { selections: 1 }],
    [
      'of a fragment in a circle',
      '{ ...F } fragment F on Q { a ...F }',
      { selections: 3, fields: 1, levels: 1, allLevels: 1 },
    ],
    [
      'of introspection apart',
      '{ a { b } __schema { types { x: name } } }',
      {
        selections: 5,
        fields: 2,
        levels: 2,
        allLevels: 3,
        introspection: { roots: 1, levels: 3, listings: 0, aliases: 1 },
      },
    ],
    [
      'of introspection by its largest part',
      '{ __schema { types { name } } x: __type(name: "A") { fields { type { fields { type { inputFields { name } } } } } } }',
      {
        selections: 10,
        fields: 2,
        allLevels: 7,
        listings: 3,
        introspection: { roots: 2, levels: 7, listings: 3, aliases: 0 },
      },
    ],
    [
      'of _entities, which are no fields of the root and have aliases of their own',
      '{ x: _entities(representations: []) { __typename } ...F a } fragment F on Q { _entities(representations: []) { t: __typename } }',
      { selections: 6, fields: 1, entities: 2, aliases: 1, typenameAliases: 1, levels: 2, allLevels: 2 },
    ],
    [
      'of introspection with aliases of __typename',
      '{ __type(name: "A") { t: __typename fields { t: __typename } } }',
      {
        selections: 4,
        fields: 1,
        allLevels: 3,
        listings: 1,
        typenameAliases: 2,
        introspection: { roots: 1, levels: 3, listings: 1, aliases: 0 },
      },
    ],
    [
      'of introspection within a fragment',
      '{ ...F } fragment F on Q { __type(name: "A") { interfaces { possibleTypes { name } } } }',
      {
        selections: 5,
        fields: 1,
        allLevels: 4,
        listings: 2,
        introspection: { roots: 1, levels: 4, listings: 2, aliases: 0 },
      },
    ],
    [
      'of introspection below a field',
      '{ a { __schema { types { name } } } }',
      {
        selections: 4,
        fields: 1,
        levels: 1,
        allLevels: 4,
        introspection: { roots: 1, levels: 3, listings: 0, aliases: 0 },
      },
    ],
  ])('%s', (_title, source, expected) => {
    const { here, repeats, ...rest } = size(source) ?? { here: undefined, repeats: undefined };
    expect(rest).toEqual({ ...empty, ...expected });
    expect([here instanceof Map, repeats]).toEqual([true, expect.any(Number)]);
  });

  test('is that of each operation of the document', () => {
    const sizes = operationSizes(parse('query A { a } query B { a b ...F } fragment F on Q { c }'));
    expect(sizes.map(({ fields }) => fields)).toEqual([1, 3]);
  });
});

const limits = { selections: 9, depth: 4, rootFields: 3, aliases: 2, directives: 1 };
const excess = (source: string) => operationExcess(parse(source), limits);
const introspection = (levels: number) => {
  const inner = Array.from({ length: levels - 1 }, () => 'ofType { ').join('');
  return `{ __schema { ${inner} name ${'} '.repeat(levels - 1)} } }`;
};
const roomy = { selections: 1_000, depth: 1_000, rootFields: 1_000, aliases: 1_000, directives: 1_000 };

describe('an operation at a limit passes, and one beyond it does not', () => {
  test.each<[string, string, string, string]>([
    [
      'selections',
      '{ a { b c d e f g h i } }',
      '{ a { b c d e f g h i j } }',
      'Expected at most 9 selections, those of fragments counted at every spread.',
    ],
    [
      'depth',
      '{ a { b { c { d } } } }',
      '{ a { b { c { d { e } } } } }',
      'Expected at most 4 levels of fields.',
    ],
    ['root_fields', '{ a b c __typename }', '{ a b c d }', 'Expected at most 3 root fields.'],
    ['aliases', '{ x: a y: b }', '{ x: a y: b z: c }', 'Expected at most 2 aliases.'],
    ['directives', '{ a @d }', '{ a @d @d }', 'Expected at most 1 directives.'],
  ])('%s', (limit, within, beyond, message) => {
    expect([excess(within), excess(beyond)]).toEqual([undefined, { limit, message }]);
  });

  test.each<[string, string, string]>([
    [introspection(14), introspection(15), 'Expected at most 15 levels of introspection.'],
    [
      '{ __type(name: "A") { fields { type { name } } } }',
      '{ __type(name: "A") { fields { type { fields { name } } } } }',
      'Expected introspection that lists the members of a type once, not those of their types.',
    ],
    [
      '{ __schema { types { name } } }',
      '{ __schema { types { x: name } } }',
      'Expected introspection without aliases below __schema and __type.',
    ],
    [
      `{ ${'abcde'.replace(/./g, (name) => `${name}: __type(name: "A") { t: __typename name } `)} }`,
      `{ ${'abcdef'.replace(/./g, (name) => `${name}: __type(name: "A") { name } `)} }`,
      'Expected at most 5 of __schema and __type.',
    ],
  ])('introspection: %s', (within, beyond, message) => {
    const found = [within, beyond].map((source) => operationExcess(parse(source), roomy));
    expect(found).toEqual([undefined, { limit: 'introspection', message }]);
  });

  test.each([
    ['beside each other', (count: number) => `{ a { ${'b { c } '.repeat(count)} } }`],
    ['under one alias', (count: number) => `{ a { ${'x: b { c } '.repeat(count)} } }`],
    [
      'in fragments',
      (count: number) =>
        `{ a { ...F ... on A { ${'b { c } '.repeat(count - 5)} } } } fragment F on A { ${'b { c } '.repeat(5)} }`,
    ],
  ])('repeats %s', (_where, repeated) => {
    const wide = { ...limits, selections: 1_000, aliases: 100 };
    const found = [50, 51].map((count) => operationExcess(parse(repeated(count)), wide));
    const message = 'Expected each field with selections at most 50 times in a selection set.';
    expect(found).toEqual([undefined, { limit: 'repeats', message }]);
  });

  test('entities', () => {
    const gathered = (count: number) =>
      Array.from({ length: count }, (_, index) => `e${index}: _entities(representations: []) { a }`).join(
        ' ',
      );
    const wide = { ...limits, selections: 1_000 };
    const found = [50, 51].map((count) => operationExcess(parse(`{ ${gathered(count)} }`), wide));
    expect(found).toEqual([undefined, { limit: 'entities', message: 'Expected at most 50 _entities.' }]);
  });

  test('is found in any operation of the document', () => {
    expect(excess('query A { a } query B { a b c d }')).toHaveProperty('limit', 'root_fields');
  });
});

test('the rule refuses a document beyond a limit with an error that names the bound, and no other rule looks at it', () => {
  const counted: unknown[] = [];
  const rule = operationLimitsRule(limits, { refused: (limit) => counted.push(limit) });
  const schema = parseSchema('type Query { a: Query, b: Int }');
  let fields = 0;
  const other = () => ({
    Field() {
      fields += 1;
    },
  });
  const errors = (source: string) => validate(schema, parse(source), [other, rule], { maxErrors: 10 });
  expect([errors('{ a { a { b } } }'), counted]).toEqual([[], []]);
  fields = 0;
  const found = errors('{ a { a { a { a { b } } } } }');
  const [error] = found;
  expect([fields, new Set(found.slice(0, 10)).size, counted]).toEqual([0, 1, ['depth']]);
  expect(error).toBeInstanceOf(GraphQLError);
  expect(error?.message).toBe('Expected at most 4 levels of fields.');
  expect(error?.originalError).toBeInstanceOf(GatewayError);
  expect(error?.originalError).toMatchObject({
    code: 'OPERATION_LIMIT_EXCEEDED',
    message: 'Expected at most 4 levels of fields.',
  });
});
