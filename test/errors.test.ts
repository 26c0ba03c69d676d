import { describe, expect, test } from '@jest/globals';

import { badUserInput, errorEntry, errorTable, GatewayError, isErrorCode } from '../src/errors.ts';

describe('an error of the gateway', () => {
  test('is what the catalogue says of its code', () => {
    const error = new GatewayError('RATE_LIMITED');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'GatewayError',
      code: 'RATE_LIMITED',
      message: errorTable.RATE_LIMITED.message,
      retryable: true,
      retryAfterMs: undefined,
      messageWithoutNames: undefined,
    });
    expect('cause' in error).toBe(false);
  });

  test('may say otherwise, and keeps what caused it', () => {
    const cause = new Error('upstream');
    const own = {
      retryable: false,
      retryAfterMs: 20,
      message: 'Expected less.',
      messageWithoutNames: 'Less.',
      cause,
    };
    expect(new GatewayError('UPSTREAM_PROTOCOL_ERROR', own)).toMatchObject(own);
    expect(new GatewayError('NOT_FOUND', { retryable: true }).retryable).toBe(true);
    expect(new GatewayError('NOT_FOUND', { cause: undefined })).toHaveProperty('cause', undefined);
  });

  test('of input says where and what was expected, and the same without names where that differs', () => {
    expect(badUserInput('filter.and', 'a list')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'filter.and: expected a list.',
      messageWithoutNames: undefined,
    });
    expect(badUserInput('sort', 'one of A, B', 'one of its values')).toMatchObject({
      message: 'sort: expected one of A, B.',
      messageWithoutNames: 'sort: expected one of its values.',
    });
  });
});

describe('the catalogue', () => {
  test('has its own codes only, whatever objects inherit', () => {
    const codes: unknown[] = [
      'NOT_FOUND',
      'toString',
      '__proto__',
      'not_found',
      '',
      undefined,
      7,
      ['NOT_FOUND'],
    ];
    expect(codes.filter(isErrorCode)).toEqual(['NOT_FOUND']);
    expect(errorEntry('NOT_FOUND')).toBe(errorTable.NOT_FOUND);
  });

  test('has no message that is not a sentence, but for those that clients of Apollo compare', () => {
    const messages = Object.values(errorTable).map(({ message }) => message);
    expect(messages.filter((message) => !/^[A-Z].*\.$/.test(message))).toEqual([
      'PersistedQueryNotFound',
      'PersistedQueryNotSupported',
    ]);
  });
});
