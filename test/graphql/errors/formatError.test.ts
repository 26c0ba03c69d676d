import { describe, expect, test } from '@jest/globals';
import {
  buildSchema as parseSchema,
  execute,
  GraphQLError,
  parse,
  parseValue,
  validate,
  Kind,
  type ExecutionResult,
  type FieldNode,
  type GraphQLFormattedError,
} from 'graphql';

import { errorTable, GatewayError } from '../../../src/errors.ts';
import { createFormatError } from '../../../src/graphql/errors/formatError.ts';
import { requestScope } from '../../../src/graphql/telemetry/requestScope.ts';
import { captureLog } from '../../support/capturedLog.ts';

const schema = parseSchema(`
  type Query { book(isbn: ID, first: Int, filter: Filter, at: [Mood]): Book, any: String }
  type Book { name: String }
  input Filter { title: String }
  enum Mood { GOOD BAD }
`);

function forms(hideNames = false) {
  const counted: string[] = [];
  const format = createFormatError({ schema, hideNames, countError: (code) => counted.push(code) });
  return { format, counted };
}

/** As Apollo Server hands it over: with a code of its own where it has one. */
const handed = (error: GraphQLError, code: string): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { ...error.extensions, code },
});

/** What clients see of the errors of validation. */
function refused(source: string, hideNames = false) {
  const { format, counted } = forms(hideNames);
  const errors = validate(schema, parse(source), undefined, { hideSuggestions: hideNames });
  const seen = errors.map((error) => format(handed(error, 'GRAPHQL_VALIDATION_FAILED'), error));
  return {
    messages: seen.map(({ message }) => message),
    codes: seen.map(({ extensions }) => extensions?.['code']),
    counted,
    seen,
  };
}

/** What clients see of the errors of execution. */
async function failed(
  source: string,
  rootValue: object,
  variableValues: Record<string, unknown> = {},
  hideNames = false,
) {
  const { format, counted } = forms(hideNames);
  const result: ExecutionResult = await execute({
    schema,
    document: parse(source),
    rootValue,
    variableValues,
  });
  const seen = (result.errors ?? []).map((error) => {
    const code = error.extensions['code'];
    return format(handed(error, typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR'), error);
  });
  return { seen, counted };
}

const throwing = (error: Error) => ({
  book: () => {
    throw error;
  },
});

describe('what a resolver threw', () => {
  test('has its code, its message, its place and path', async () => {
    const error = new GatewayError('UPSTREAM_THROTTLED', { retryAfterMs: 250, cause: new Error('SECRET') });
    const { seen, counted } = await failed('{ it: book { name } }', throwing(error));
    expect(seen).toEqual([
      {
        message: errorTable.UPSTREAM_THROTTLED.message,
        locations: [{ line: 1, column: 3 }],
        path: ['it'],
        extensions: { code: 'UPSTREAM_THROTTLED', retryable: true, retryAfterMs: 250 },
      },
    ]);
    expect(counted).toEqual(['UPSTREAM_THROTTLED']);
  });

  test('has its request, where there is one, and its code goes into the span', async () => {
    const { log, lines } = captureLog();
    const operation = { type: undefined, name: undefined, errorCodes: new Set<never>() };
    const scope = { requestId: 'a-request', log, operation };
    const { seen } = await requestScope.run(scope, () =>
      failed('{ book { name } }', throwing(new GatewayError('NOT_FOUND'))),
    );
    expect(seen.map(({ extensions }) => extensions)).toEqual([
      { code: 'NOT_FOUND', retryable: false, requestId: 'a-request' },
    ]);
    expect([[...operation.errorCodes], lines()]).toEqual([['NOT_FOUND'], []]);
  });

  test('says no names of the schema where that is not shown', async () => {
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
      const { seen } = await failed('{ book { name } }', throwing(each), {}, hideNames);
      messages.push(seen[0]?.message);
    }
    expect(messages).toEqual(['Expected A or B.', 'Expected less.', 'Expected less than 5.']);
  });

  test('is a fault of the gateway when nobody foresaw it: its text goes nowhere, its kind and field to the log', async () => {
    const { log, lines, text } = captureLog();
    const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';
    const operation = { type: undefined, name: undefined, errorCodes: new Set<never>() };
    const { seen, counted } = await requestScope.run({ requestId, log, operation }, () =>
      failed('{ SECRET: book(isbn: "SECRET") { name } }', throwing(new TypeError('SECRET'))),
    );
    expect(seen).toEqual([
      {
        message: errorTable.INTERNAL_SERVER_ERROR.message,
        locations: [{ line: 1, column: 3 }],
        path: ['SECRET'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
      },
    ]);
    expect(counted).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(lines()).toMatchObject([
      { level: 50, err: { type: 'TypeError' }, field: 'book', requestId, msg: 'a fault of the gateway' },
    ]);
    expect(text()).not.toContain('SECRET');
  });

  test('is such a fault also outside of a request, or where it is no error at all', () => {
    const { format, counted } = forms();
    const internal = { message: 'SECRET', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
    const expected = {
      message: errorTable.INTERNAL_SERVER_ERROR.message,
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    };
    expect(format(internal, new Error('SECRET'))).toEqual(expected);
    expect(format({ message: 'SECRET' }, 'SECRET')).toEqual(expected);
    expect(format({ message: 'SECRET', extensions: { code: 'SECRET' } }, undefined)).toEqual(expected);
    expect(format({ message: 'x' }, new GatewayError('NOT_FOUND'))).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    expect(counted).toEqual([...Array<string>(3).fill('INTERNAL_SERVER_ERROR'), 'NOT_FOUND']);
  });

  test('is told the log without a field where a refusal before execution has none', () => {
    const { log, lines } = captureLog();
    const operation = { type: undefined, name: undefined, errorCodes: new Set<never>() };
    const { format } = forms();
    const nodes = parse('{ book { name } }').definitions;
    const field: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'book' } };
    requestScope.run({ requestId: 'none', log, operation }, () => {
      format({ message: 'x' }, new GraphQLError('x', { nodes: [field] }));
      format({ message: 'x', path: ['a'] }, new GraphQLError('x', { nodes }));
      format({ message: 'x', path: ['a'] }, new GraphQLError('x'));
      format({ message: 'x', path: ['a'] }, new Error('x'));
    });
    expect(lines().map((line) => line['field'])).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('what validation says', () => {
  test.each([
    ['{ nothing }', 'Cannot query field "nothing" on type "Query".'],
    ['{ book(other: 1) { name } }', 'Unknown argument "other" on field "Query.book".'],
    ['{ book(isbn: $x) { name } }', 'Variable "$x" is not defined.'],
    ['{ ...F }', 'Unknown fragment "F".'],
  ])('%s: names, as graphql-js has them', (source, message) => {
    expect(refused(source)).toMatchObject({
      messages: [message],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      counted: ['GRAPHQL_VALIDATION_FAILED'],
    });
  });

  test.each([
    ['{ book(first: "SECRET") { name } }', 'Expected a 32-bit whole number.'],
    ['{ book(filter: { title: 5 }) { name } }', 'Expected text.'],
    ['{ book(filter: { other: "SECRET" }) { name } }', 'Expected Filter: an object of title.'],
    ['{ book(filter: "SECRET") { name } }', 'Expected Filter: an object of title.'],
    ['{ book(at: [SECRET]) { name } }', 'Expected Mood: one of GOOD, BAD.'],
  ])('%s: what was expected, without the value', (source, message) => {
    const { messages, seen } = refused(source);
    expect(messages).toContain(message);
    expect(JSON.stringify(seen)).not.toContain('SECRET');
  });

  test.each([
    [
      '{ nothing }',
      'Expected a field that its type has, with what that takes in arguments and in selection.',
    ],
    ['{ book(other: 1) { name } }', 'Expected an argument that is taken here, once.'],
    ['{ book @other { name } }', 'Expected a directive that is taken here, with its arguments.'],
    [
      'query ($a: Other) { book(isbn: $a) { name } }',
      'Expected a type that the graph has, and that is possible here.',
    ],
    ['{ book(isbn: $x) { name } }', 'Expected a variable that is defined, and whose type is taken here.'],
    ['query ($x: Int) { any }', 'Expected a variable of an input type, used, and taken where it is used.'],
    [
      '{ book { ...F } } fragment F on Query { any }',
      'Expected a fragment that is defined, and possible here.',
    ],
    ['{ ...F }', errorTable.GRAPHQL_VALIDATION_FAILED.message],
    ['{ any } fragment F on Book { name }', 'Expected a fragment that is used, and has its name to itself.'],
    ['{ ... on Book { name } }', 'Expected a type that the graph has, and that is possible here.'],
    ['query A { any } query A { any }', errorTable.GRAPHQL_VALIDATION_FAILED.message],
    ['{ book(at: [OTHER]) { name } }', 'Expected one of the values that its type has.'],
    ['{ book(filter: { other: 1 }) { name } }', 'Expected an object with the members that its type has.'],
  ])('%s: in no names, where the schema is not shown', (source, message) => {
    expect(refused(source, true).messages).toContain(message);
  });

  test('has four places at most, and 400 characters', () => {
    const { seen } = refused(`{ ${'a: book(first: 1) { name } a: book(first: 2) { name } '.repeat(5)} }`);
    expect(Math.max(...seen.map(({ locations = [] }) => locations.length))).toBeLessThanOrEqual(4);
    const { messages } = refused(`{ ${'x'.repeat(1_000)} }`);
    expect(messages.map((message) => [message.length, message.slice(395)])).toEqual([[403, 'xxxxx...']]);
    const short = refused(`{ ${'x'.repeat(400 - 'Cannot query field "" on type "Query".'.length)} }`);
    expect(short.messages.map((message) => [message.length, message.slice(-2)])).toEqual([[400, '".']]);
  });

  test('keeps four places of many', () => {
    const { format } = forms();
    const locations = [1, 2, 3, 4, 5, 6].map((line) => ({ line, column: 1 }));
    const formatted = { message: 'x', locations, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
    expect(format(formatted, new GraphQLError('x')).locations).toEqual(locations.slice(0, 4));
  });

  test('is the catalogue’s message wherever it may quote a value', () => {
    const { format } = forms();
    const of = (
      message: string,
      code = 'GRAPHQL_VALIDATION_FAILED',
      error: unknown = new GraphQLError(message),
    ) => format({ message, extensions: { code } }, error).message;
    const catalogue = errorTable.GRAPHQL_VALIDATION_FAILED.message;
    expect(of('Expected value of type "Int", found "SECRET".')).toBe(catalogue);
    expect(of('Int cannot represent non-integer value: "SECRET"')).toBe(catalogue);
    expect(of('A sentence.')).toBe('A sentence.');
    expect(of('A sentence.', 'GRAPHQL_VALIDATION_FAILED', new Error('A sentence.'))).toBe(catalogue);
    expect(of('SECRET', 'BAD_USER_INPUT')).toBe(errorTable.BAD_USER_INPUT.message);
    expect(of('SECRET', 'GRAPHQL_PARSE_FAILED')).toBe(errorTable.GRAPHQL_PARSE_FAILED.message);
    expect(of('SECRET', 'OPERATION_RESOLUTION_FAILURE')).toBe(
      errorTable.OPERATION_RESOLUTION_FAILURE.message,
    );
  });
});

describe('what execution finds wrong with an argument', () => {
  test.each([
    ['query ($x: Int = 5) { book(first: $x) }', 'Expected a 32-bit whole number.'],
    [
      'query ($x: String = "a") { book(first: 1, filter: { title: $x }) }',
      'Expected Filter: an object of title.',
    ],
  ])('%s with null: is input, in words of the schema', async (source, message) => {
    const strict = parseSchema(`
      type Query { book(first: Int!, filter: Filter): String }
      input Filter { title: String! }
    `);
    const document = parse(source);
    const format = createFormatError({ schema: strict, hideNames: false, countError: () => undefined });
    const { errors = [] }: ExecutionResult = await execute({
      schema: strict,
      document,
      variableValues: { x: null },
    });
    const seen = errors.map((error) => format(handed(error, 'INTERNAL_SERVER_ERROR'), error));
    expect([
      validate(strict, document),
      seen.map((each) => [each.extensions?.['code'], each.message]),
    ]).toEqual([[], [['BAD_USER_INPUT', message]]]);
  });

  test('is a fault where a resolver threw it at a value', () => {
    const { format } = forms();
    const nodes = [parseValue('1')];
    const error = new GraphQLError('x', { nodes, originalError: new TypeError('x') });
    expect(format(handed(error, 'INTERNAL_SERVER_ERROR'), error).extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      retryable: false,
    });
  });
});
