import type { GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, GraphQLError, Kind, parse, validate } from 'graphql';

import { GatewayError } from '../../../../src/errors.ts';
import { checkVariablesPlugin, OneOfVariablesRule } from '../../../../src/graphql/errors/checkVariables.ts';

const schema = parseSchema(`
  input Text @oneOf { equal: String, from: Int }
  input Filter @oneOf { title: Text, and: [Filter!], plain: Plain }
  input Plain { deep: Plain, number: Int, texts: [Text!] }
  type Query { book(filter: Filter, text: Text!, first: Int, plain: Plain): String, filters(filters: [Filter!]): String }
`);

type Context = GraphQLRequestContextDidResolveOperation<Record<string, never>>;

/** The error that the variables of a document are refused with; undefined when they are taken. */
async function refusal(
  source: string,
  variables: unknown,
  hideNames = false,
): Promise<GraphQLError | undefined> {
  const operation = parse(source).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  // The part of a request that the plugin looks at.
  const request = { schema, operation, request: { variables } } as unknown as Context;
  const listener = await checkVariablesPlugin(hideNames).requestDidStart?.(request);
  try {
    await listener?.didResolveOperation?.(request);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const said = async (source: string, variables: unknown, hideNames = false) =>
  (await refusal(source, variables, hideNames))?.message;

const search = 'query ($filter: Filter) { book(filter: $filter) }';

describe('a wrong variable is refused in words of the schema, without its value:', () => {
  test.each<[string, string, unknown, string]>([
    ['a scalar', 'query ($n: Int) { a }', { n: 'SECRET' }, 'Variable "$n": expected a 32-bit whole number.'],
    [
      'null for what may not be null',
      'query ($n: Int!) { a }',
      { n: null },
      'Variable "$n": expected a 32-bit whole number.',
    ],
    [
      'nothing for what is required',
      'query ($n: Int!) { a }',
      {},
      'Variable "$n": expected a 32-bit whole number.',
    ],
    ['nothing at all', 'query ($n: Int!) { a }', undefined, 'Variable "$n": expected a 32-bit whole number.'],
    [
      'the second of two',
      'query ($m: Int, $n: Int!) { a }',
      { m: 1 },
      'Variable "$n": expected a 32-bit whole number.',
    ],
    [
      'the first of two',
      'query ($m: Int, $n: Int) { a }',
      { m: 'x', n: 'x' },
      'Variable "$m": expected a 32-bit whole number.',
    ],
    [
      'one behind others that may be left out',
      'query ($m: Int, $n: Int! = 5, $o: Int) { a }',
      { o: 'SECRET' },
      'Variable "$o": expected a 32-bit whole number.',
    ],
    [
      'a member',
      search,
      { filter: { title: { equal: 7 } } },
      'Variable "$filter" at title.equal: expected text.',
    ],
    [
      'a member of an item',
      search,
      { filter: { and: [{ title: { equal: 'x' } }, { title: { from: 'SECRET' } }] } },
      'Variable "$filter" at and[1].title.from: expected a 32-bit whole number.',
    ],
    [
      'two members',
      search,
      { filter: { title: { equal: 'SECRET' }, and: [] } },
      'Variable "$filter": expected Filter: exactly one of title, and, plain, and not null.',
    ],
    [
      'a member that there is not',
      search,
      { filter: { SECRET: 1 } },
      'Variable "$filter": expected Filter: exactly one of title, and, plain, and not null.',
    ],
    [
      'an item of a list that is the variable',
      'query ($f: [Filter!]) { a }',
      { f: [{ and: [] }, 7] },
      'Variable "$f" at [1]: expected Filter: exactly one of title, and, plain, and not null.',
    ],
  ])('%s', async (_title, source, variables, message) => {
    const error = await refusal(source, variables);
    expect(error?.message).toBe(message);
    expect(error?.extensions).toEqual({ http: { status: 400 } });
    expect(error?.originalError).toBeInstanceOf(GatewayError);
    expect(error?.originalError).toMatchObject({ code: 'BAD_USER_INPUT', message });
  });

  test('without names of the schema where the schema is hidden', async () => {
    expect(await said(search, { filter: { other: 1 } }, true)).toBe(
      'Variable "$filter": expected an object with exactly one of the members that its type has, and not null.',
    );
    expect(await said('query ($p: Plain!) { a }', {}, true)).toBe(
      'Variable "$p": expected an object with the members that its type has.',
    );
  });

  test('without a name of more than 100 characters', async () => {
    const of = (length: number) => said(`query ($${'n'.repeat(length)}: Int!) { a }`, {});
    expect(await of(100)).toBe(`Variable "$${'n'.repeat(100)}": expected a 32-bit whole number.`);
    expect(await of(101)).toBe('A variable: expected a 32-bit whole number.');
  });

  test('with a path cut to 100 characters', async () => {
    const deep = (levels: number, value: unknown) => {
      let plain: unknown = value;
      for (let level = 0; level < levels; level += 1) plain = { deep: plain };
      return { p: plain };
    };
    const query = 'query ($p: Plain) { a }';
    // Twenty times `deep.`, less the dot.
    expect(await said(query, deep(20, 7))).toBe(
      `Variable "$p" at ${'deep.'.repeat(19)}deep: expected Plain: an object of deep, number, texts.`,
    );
    const longer = await said(query, deep(19, { texts: [{ equal: 7 }] }));
    expect(longer).toBe(
      `Variable "$p" at ${`${'deep.'.repeat(19)}texts[0].equal`.slice(0, 100)}...: expected text.`,
    );
    const lists = await said('query ($p: [[[Int]]]) { a }', { p: [[['x']]] });
    expect(lists).toBe('Variable "$p" at [0][0][0]: expected a 32-bit whole number.');
  });
});

describe('variables pass', () => {
  test.each<[string, string, unknown]>([
    ['where there are none', '{ a }', { SECRET: 1 }],
    ['of their type', search, { filter: { title: { equal: 'x' } } }],
    ['left out', search, {}],
    ['left out where they have a default', 'query ($n: Int! = 5) { a }', {}],
    ['null', search, { filter: null }],
    ['not at all where none are needed', 'query ($n: Int) { a }', undefined],
    [
      'of what is no type of input, which is not for this to refuse',
      'query ($q: Query, $x: Nothing) { a }',
      { q: 1 },
    ],
  ])('%s', async (_title, source, variables) => {
    expect(await said(source, variables)).toBeUndefined();
  });

  test('where no operation was found', async () => {
    expect(await said('fragment F on Query { a }', { n: 1 })).toBeUndefined();
  });
});

describe('a nullable variable in a oneOf object', () => {
  const errors = (source: string) =>
    validate(schema, parse(source), [OneOfVariablesRule]).map(({ message, nodes = [] }) => [
      message,
      nodes.map(({ kind }) => kind),
    ]);
  const refused = (name: string, type: string) => [
    [
      `Variable "$${name}" must be non-nullable to be used for OneOf Input Object "${type}".`,
      ['VariableDefinition', 'Variable'],
    ],
  ];

  test('is refused in a list', () => {
    expect(errors('query ($t: Text) { filters(filters: [{ title: $t }]) }')).toEqual(refused('t', 'Filter'));
    expect(errors('query ($t: String) { book(text: { equal: $t }) }')).toEqual(refused('t', 'Text'));
  });

  test.each([
    'query ($t: Text!) { filters(filters: [{ title: $t }]) }',
    'query ($f: Filter) { book(filter: $f) }',
    'query ($n: Int) { filters(filters: [{ plain: { number: $n } }]) }',
    '{ filters(filters: [{ title: $t }]) }',
    '{ book(first: 1) }',
  ])('passes in %s', (source) => {
    expect(errors(source)).toEqual([]);
  });
});
