import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, GraphQLError } from 'graphql';

import { errorTable } from '../../../src/errors.ts';
import { createFormatError } from '../../../src/graphql/errors/formatError.ts';

const schema = parseSchema('type Query { any: String }');
const format = createFormatError({ schema, hideNames: false });

/** With a code, as Apollo Server's own errors have it. */
const coded = (message: string, code: string, extensions: object = {}) =>
  new GraphQLError(message, { extensions: { ...extensions, code } });

describe('a refusal by Apollo Server', () => {
  const refusal = (message: string, status: unknown = 400, code?: string) => {
    const own: Record<string, unknown> = { http: { status }, ...(code !== undefined && { code }) };
    const { message: said, extensions } = format(new GraphQLError(message, { extensions: own }));
    return [extensions.code, said];
  };

  test.each([
    [
      'This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). SECRET',
      'Expected the content type application/json, or for GET the header apollo-require-preflight: without one of them, any web page could send this request.',
    ],
    ['Operation batching disabled.', 'Expected one operation per request, not a list of operations.'],
    [
      'GET requests only support query operations, not SECRET operations',
      'Expected POST: GET is for queries only.',
    ],
    ['Apollo Server supports only GET/POST requests.', 'Expected GET or POST.'],
    [
      "An 'accept' header was provided for this request which does not accept SECRET",
      'Expected an Accept header that allows application/json or application/graphql-response+json.',
    ],
    ['provided sha does not match query', 'Expected the SHA-256 of the query in persistedQuery.sha256Hash.'],
    ['Unsupported persisted query version', 'Expected persistedQuery.version to be 1.'],
    ['Something else: SECRET', errorTable.BAD_REQUEST.message],
    ['SECRET Operation batching disabled.', errorTable.BAD_REQUEST.message],
  ])('%s', (message, said) => {
    expect(refusal(message)).toEqual(['BAD_REQUEST', said]);
    expect(refusal(message, 499, 'BAD_REQUEST')).toEqual(['BAD_REQUEST', said]);
  });

  test.each([399, 500, 200, '400', null])('with the status %j is an internal error', (status) => {
    expect(refusal('Operation batching disabled.', status)).toEqual([
      'INTERNAL_SERVER_ERROR',
      errorTable.INTERNAL_SERVER_ERROR.message,
    ]);
  });

  test('without a status, or as no GraphQLError, is an internal error', () => {
    const noStatus: Record<string, unknown> = { http: {} };
    const noHttp: Record<string, unknown> = { http: null };
    const errors = [
      new GraphQLError('x'),
      new GraphQLError('x', { extensions: noStatus }),
      new GraphQLError('x', { extensions: noHttp }),
      Object.assign(new Error('x'), { extensions: { http: { status: 400 } } }),
    ];
    const codes = errors.map((error) => format(error).extensions.code);
    expect(codes).toEqual(errors.map(() => 'INTERNAL_SERVER_ERROR'));
  });

  test('of too many lexical tokens names the parser’s limit', () => {
    const message = 'Syntax Error: Document contains more than 1000 tokens. Parsing aborted.';
    const of = (code: string) => {
      const { message: said, extensions } = format(coded(message, code));
      return [extensions.code, said];
    };
    expect(of('GRAPHQL_PARSE_FAILED')).toEqual([
      'OPERATION_LIMIT_EXCEEDED',
      'Expected at most 1000 lexical tokens.',
    ]);
    expect(of('BAD_USER_INPUT')).toEqual(['BAD_USER_INPUT', errorTable.BAD_USER_INPUT.message]);
  });

  test('of introspection says so', () => {
    const formatWithoutNames = createFormatError({ schema, hideNames: true });
    const refused = (message: string, extensions: object = {}) =>
      formatWithoutNames(coded(message, 'GRAPHQL_VALIDATION_FAILED', extensions)).message;
    expect(
      refused('GraphQL introspection is not allowed by Apollo Server', {
        validationErrorCode: 'INTROSPECTION_DISABLED',
      }),
    ).toBe('Introspection is off on this graph.');
    expect(refused('SECRET')).toBe(errorTable.GRAPHQL_VALIDATION_FAILED.message);
  });
});
