import { describe, expect, test } from '@jest/globals';
import {
  buildSchema as parseSchema,
  execute,
  GraphQLError,
  parse,
  parseValue,
  Source,
  validate,
  type ExecutionResult,
} from 'graphql';

import { errorTable, GatewayError } from '../../../src/errors.ts';
import { createFormatError } from '../../../src/graphql/errors/formatError.ts';

const schema = parseSchema(`
  type Query { book(isbn: ID, first: Int, filter: Filter, at: [Mood]): Book, any: String }
  type Book { name: String }
  input Filter { title: String }
  enum Mood { GOOD BAD }
`);

/** As Apollo Server's error classes do it. */
function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes = [], extensions } = error;
  const originalError = error.originalError ?? error;
  return new GraphQLError(message, { nodes, originalError, extensions: { ...extensions, code } });
}

/** What clients see of the errors of validation. */
function refused(source: string, hideNames = false) {
  const format = createFormatError({ schema, hideNames });
  const errors = validate(schema, parse(source), undefined, { hideSuggestions: hideNames });
  const seen = errors.map((error) => format(coded(error, 'GRAPHQL_VALIDATION_FAILED')));
  return {
    messages: seen.map(({ message }) => message),
    codes: seen.map(({ extensions }) => extensions.code),
    seen,
  };
}

/** What clients see of the errors of execution. */
async function failed(source: string, rootValue: object, hideNames = false) {
  const format = createFormatError({ schema, hideNames });
  const { errors = [] }: ExecutionResult = await execute({ schema, document: parse(source), rootValue });
  return errors.map((error) => format(error));
}

const throwing = (error: Error) => ({
  book: () => {
    throw error;
  },
});

describe('an error thrown by a resolver', () => {
  test('has its code, message, locations and path', async () => {
    const error = new GatewayError('UPSTREAM_THROTTLED', { retryAfterMs: 250, cause: new Error('SECRET') });
    expect(await failed('{ it: book { name } }', throwing(error))).toEqual([
      {
        message: errorTable.UPSTREAM_THROTTLED.message,
        locations: [{ line: 1, column: 3 }],
        path: ['it'],
        extensions: { code: 'UPSTREAM_THROTTLED', retryable: true, retryAfterMs: 250 },
      },
    ]);
  });

  test('has the id of the request', () => {
    const format = createFormatError({ schema, hideNames: false });
    expect(format(new GatewayError('NOT_FOUND'), 'a-request')).toEqual({
      message: errorTable.NOT_FOUND.message,
      extensions: { code: 'NOT_FOUND', retryable: false, requestId: 'a-request' },
    });
  });

  test('is found inside any number of GraphQLErrors', () => {
    const format = createFormatError({ schema, hideNames: false });
    const originalError = new GraphQLError('SECRET', { originalError: new GatewayError('NOT_FOUND') });
    expect(
      format(new GraphQLError('SECRET', { originalError, extensions: { code: 'BAD_USER_INPUT' } })),
    ).toEqual({
      message: errorTable.NOT_FOUND.message,
      extensions: { code: 'NOT_FOUND', retryable: false },
    });
  });

  test('does not name the schema where the schema is hidden', async () => {
    const error = new GatewayError('BAD_USER_INPUT', {
      message: 'Expected A or B.',
      messageWithoutNames: 'Expected less.',
    });
    const plain = new GatewayError('BAD_USER_INPUT', { message: 'Expected less than 5.' });
    const messages = [];
    for (const [each, hideNames] of [
      [error, false],
      [error, true],
      [plain, true],
    ] as const) {
      const [seen] = await failed('{ book { name } }', throwing(each), hideNames);
      messages.push(seen?.message);
    }
    expect(messages).toEqual(['Expected A or B.', 'Expected less.', 'Expected less than 5.']);
  });

  test('is an internal error without the original message where it is not a GatewayError', async () => {
    expect(await failed('{ it: book(isbn: "SECRET") { name } }', throwing(new TypeError('SECRET')))).toEqual([
      {
        message: errorTable.INTERNAL_SERVER_ERROR.message,
        locations: [{ line: 1, column: 3 }],
        path: ['it'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
      },
    ]);
  });

  test('is an internal error where it is no GraphQLError, or no error at all', () => {
    const format = createFormatError({ schema, hideNames: false });
    const expected = {
      message: errorTable.INTERNAL_SERVER_ERROR.message,
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    };
    const unknownCode = new GraphQLError('SECRET', { extensions: { code: 'SECRET' } });
    for (const error of [new Error('SECRET'), 'SECRET', undefined, unknownCode, new GraphQLError('SECRET')])
      expect(format(error)).toEqual(expected);
  });

  test.each(['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'])(
    'is an internal error even where graphql-js reports it as %s',
    (code) => {
      const format = createFormatError({ schema, hideNames: false });
      const nodes = [parseValue('1')];
      const error = new GraphQLError('SECRET', { nodes, originalError: new TypeError('SECRET') });
      expect(format(coded(error, code))).toMatchObject({
        message: errorTable.INTERNAL_SERVER_ERROR.message,
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
    },
  );

  test('is a syntax error where the parser ran out of stack on a document', () => {
    const format = createFormatError({ schema, hideNames: false });
    const error = new GraphQLError('SECRET', { originalError: new RangeError('SECRET') });
    expect(format(coded(error, 'GRAPHQL_PARSE_FAILED'))).toEqual({
      message: errorTable.GRAPHQL_PARSE_FAILED.message,
      extensions: { code: 'GRAPHQL_PARSE_FAILED', retryable: false },
    });
  });
});

describe('an error of validation', () => {
  test.each([
    ['{ nothing }', 'Cannot query field "nothing" on type "Query".'],
    ['{ book(other: 1) { name } }', 'Unknown argument "other" on field "Query.book".'],
    ['{ book(isbn: $x) { name } }', 'Variable "$x" is not defined.'],
    ['{ ...F }', 'Unknown fragment "F".'],
  ])('in %s keeps the message of graphql-js, which only holds names', (source, message) => {
    expect(refused(source)).toMatchObject({
      messages: [message],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    });
  });

  test.each([
    ['{ book(first: "SECRET") { name } }', 'Expected a 32-bit whole number.'],
    ['{ book(filter: { title: 5 }) { name } }', 'Expected text.'],
    ['{ book(filter: { other: "SECRET" }) { name } }', 'Expected Filter: an object of title.'],
    ['{ book(filter: "SECRET") { name } }', 'Expected Filter: an object of title.'],
    ['{ book(at: [SECRET]) { name } }', 'Expected Mood: one of GOOD, BAD.'],
  ])('in %s says what was expected, without the value', (source, message) => {
    const { messages, seen } = refused(source);
    expect(messages).toContain(message);
    expect(JSON.stringify(seen)).not.toContain('SECRET');
  });

  test.each([
    [
      '{ nothing }',
      'Expected a field of its parent type, with the arguments and the selection that it takes.',
    ],
    ['{ book(other: 1) { name } }', 'Expected an argument that is accepted here, given once.'],
    ['{ book @other { name } }', 'Expected a directive that is accepted here, with its arguments.'],
    ['query ($a: Other) { book(isbn: $a) { name } }', 'Expected a type of this graph that is possible here.'],
    ['{ book(isbn: $x) { name } }', 'Expected a variable that is defined, of a type that is accepted here.'],
    [
      'query ($x: Int) { any }',
      'Expected a variable that is used, of an input type that is accepted where it is used.',
    ],
    [
      '{ book { ...F } } fragment F on Query { any }',
      'Expected a fragment that is defined and possible here.',
    ],
    ['{ ...F }', errorTable.GRAPHQL_VALIDATION_FAILED.message],
    ['{ any } fragment F on Book { name }', 'Expected a fragment that is used, with a name of its own.'],
    ['{ ... on Book { name } }', 'Expected a type of this graph that is possible here.'],
    ['query A { any } query A { any }', errorTable.GRAPHQL_VALIDATION_FAILED.message],
    ['{ book(at: [OTHER]) { name } }', 'Expected one of the values that its type has.'],
    ['{ book(filter: { other: 1 }) { name } }', 'Expected an object with the members that its type has.'],
  ])('in %s does not name the schema where the schema is hidden', (source, message) => {
    expect(refused(source, true).messages).toContain(message);
  });

  test('has at most four locations, and 400 characters', () => {
    const { seen } = refused(`{ ${'a: book(first: 1) { name } a: book(first: 2) { name } '.repeat(5)} }`);
    expect(Math.max(...seen.map(({ locations = [] }) => locations.length))).toBeLessThanOrEqual(4);
    const { messages } = refused(`{ ${'x'.repeat(1_000)} }`);
    expect(messages.map((message) => [message.length, message.slice(395)])).toEqual([[403, 'xxxxx...']]);
    const short = refused(`{ ${'x'.repeat(400 - 'Cannot query field "" on type "Query".'.length)} }`);
    expect(short.messages.map((message) => [message.length, message.slice(-2)])).toEqual([[400, '".']]);
  });

  test('keeps the first four of many locations', () => {
    const format = createFormatError({ schema, hideNames: false });
    const source = '{ a b c d e f }';
    const positions = [2, 4, 6, 8, 10, 12];
    const error = new GraphQLError('x', { source: new Source(source), positions });
    expect(format(error).locations).toEqual(
      positions.slice(0, 4).map((position) => ({ line: 1, column: position + 1 })),
    );
  });

  test('has the error table’s message wherever its own may quote a value', () => {
    const format = createFormatError({ schema, hideNames: false });
    const of = (message: string, code = 'GRAPHQL_VALIDATION_FAILED') =>
      format(coded(new GraphQLError(message), code)).message;
    const general = errorTable.GRAPHQL_VALIDATION_FAILED.message;
    expect(of('Expected value of type "Int", found "SECRET".')).toBe(general);
    expect(of('Int cannot represent non-integer value: "SECRET"')).toBe(general);
    expect(of('A sentence.')).toBe('A sentence.');
    expect(of('SECRET', 'BAD_USER_INPUT')).toBe(errorTable.BAD_USER_INPUT.message);
    expect(of('SECRET', 'GRAPHQL_PARSE_FAILED')).toBe(errorTable.GRAPHQL_PARSE_FAILED.message);
    expect(of('SECRET', 'OPERATION_RESOLUTION_FAILURE')).toBe(
      errorTable.OPERATION_RESOLUTION_FAILURE.message,
    );
  });
});

describe('an argument that only execution finds wrong', () => {
  test.each([
    ['query ($x: Int = 5) { book(first: $x) }', 'Expected a 32-bit whole number.'],
    [
      'query ($x: String = "a") { book(first: 1, filter: { title: $x }) }',
      'Expected Filter: an object of title.',
    ],
  ])('as in %s with null is wrong input, said in words of the schema', async (source, message) => {
    const strict = parseSchema(`
      type Query { book(first: Int!, filter: Filter): String }
      input Filter { title: String! }
    `);
    const document = parse(source);
    const format = createFormatError({ schema: strict, hideNames: false });
    const { errors = [] }: ExecutionResult = await execute({
      schema: strict,
      document,
      variableValues: { x: null },
    });
    const seen = errors.map((error) => format(error));
    expect([validate(strict, document), seen.map((each) => [each.extensions.code, each.message])]).toEqual([
      [],
      [['BAD_USER_INPUT', message]],
    ]);
  });

  test('is an internal error where a resolver threw at it', () => {
    const format = createFormatError({ schema, hideNames: false });
    const nodes = [parseValue('1')];
    const error = new GraphQLError('x', { nodes, originalError: new TypeError('x') });
    expect(format(error).extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', retryable: false });
  });
});
