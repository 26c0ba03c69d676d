import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';

import {
  badUserInput,
  errorEntry,
  errorTable,
  GatewayError,
  isError,
  isErrorCode,
  systemErrorCode,
} from '../src/errors.ts';

describe('an error of the gateway', () => {
  test('has what the error table says of its code', () => {
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

  test('may say otherwise, and keeps its cause', () => {
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

  test('about input says what was expected where, and the same without names where that differs', () => {
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

describe('the error table', () => {
  test('has its own codes only, not what objects inherit', () => {
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

  test('has whole sentences, except for the messages that Apollo’s clients compare', () => {
    const messages = Object.values(errorTable).map(({ message }) => message);
    expect(messages.filter((message) => !/^[A-Z].*\.$/.test(message))).toEqual([
      'PersistedQueryNotFound',
      'PersistedQueryNotSupported',
    ]);
  });
});

describe('an error of any realm', () => {
  const foreign: unknown = runInNewContext('Object.assign(new TypeError("x"), { code: "ENOENT" })');

  test('is recognised as an error, and nothing else is', () => {
    expect(foreign).not.toBeInstanceOf(Error);
    const values = [
      new Error('x'),
      new GatewayError('NOT_FOUND'),
      foreign,
      { message: 'x', name: 'Error' },
      'x',
      null,
    ];
    expect(values.map(isError)).toEqual([true, true, true, false, false, false]);
  });

  test('of a system call has its code', () => {
    let missing: unknown;
    try {
      readFileSync(new URL('./nothing', import.meta.url));
    } catch (error) {
      missing = error;
    }
    const numbered = Object.assign(new Error('x'), { code: 5 });
    const values = [missing, foreign, numbered, new Error('x'), { code: 'ENOENT' }, undefined];
    expect(values.map(systemErrorCode)).toEqual(['ENOENT', 'ENOENT', ...Array<undefined>(4)]);
  });
});
