import { HeaderMap } from '@apollo/server';
import { expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';

import { GatewayError, type GatewayErrorOptions } from '../../../src/errors.ts';
import { refusalHead, refuse } from '../../../src/graphql/errors/refuse.ts';

function thrownBy(work: () => never): GraphQLError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

test.each<[ConstructorParameters<typeof GatewayError>[0], GatewayErrorOptions, object]>([
  ['FORBIDDEN', {}, { status: 403, headers: {} }],
  ['RATE_LIMITED', { retryAfterMs: 1_001 }, { status: 429, headers: { 'retry-after': '2' } }],
  ['OVERLOADED', {}, { status: 503, headers: { 'retry-after': '1' } }],
  ['OVERLOADED', { retryAfterMs: 5_000 }, { status: 503, headers: { 'retry-after': '5' } }],
  // Errors of fields have no status of their own.
  ['NOT_FOUND', {}, { status: 500, headers: {} }],
])(
  'a refusal with %s and %j has its status, and says when to try again where that is known',
  (code, options, head) => {
    expect(refusalHead(new GatewayError(code, options))).toEqual(head);
  },
);

test('a refusal may have another status than its code', () => {
  expect(refusalHead(new GatewayError('BAD_REQUEST'), 415)).toEqual({ status: 415, headers: {} });
});

test('refusing an operation throws a GraphQLError with the status and headers, around the error', () => {
  const cause = new GatewayError('RATE_LIMITED', { retryAfterMs: 60_000 });
  const error = thrownBy(() => refuse(cause, { 'WWW-Authenticate': 'Bearer' }));
  expect([error.message, error.originalError]).toEqual([cause.message, cause]);
  const headers = new HeaderMap([
    ['retry-after', '60'],
    ['www-authenticate', 'Bearer'],
  ]);
  expect(error.extensions).toEqual({ http: { status: 429, headers } });
  expect(thrownBy(() => refuse(new GatewayError('QUERY_NOT_IN_SAFELIST'))).extensions).toEqual({
    http: { status: 400 },
  });
});
