import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../src/errors.ts';
import { serializeError } from '../../src/log/serializeError.ts';
import type { Log } from '../../src/log/log.ts';
import { captureLog } from '../support/capturedLog.ts';

const secret = 'Sample^Ada';
const own = expect.stringMatching(/^test\/log\/log\.test\.ts:\d+:\d+$/);

/** What the SDK makes of an answer: its members are the body's. */
function ofAnswer(members: Readonly<Record<string, unknown>>): Error {
  return Object.assign(new Error(secret), { $metadata: { httpStatusCode: 400 }, $fault: 'client' }, members);
}

function said(error: unknown): Record<string, unknown> {
  return { ...serializeError(error), at: undefined };
}

describe('of an error, a log says', () => {
  test('its class, its code, its place, the same of its cause, and not its message', () => {
    const cause = Object.assign(new TypeError(secret), { code: 'ECONNRESET' });
    expect(serializeError(new GatewayError('UPSTREAM_UNAVAILABLE', { cause }))).toEqual({
      type: 'GatewayError',
      code: 'UPSTREAM_UNAVAILABLE',
      at: expect.arrayContaining([own]),
      cause: { type: 'TypeError', code: 'ECONNRESET', at: expect.arrayContaining([own]) },
    });
  });

  test.each([
    ['a known name', { name: 'ExpiredTokenException' }, { type: 'ExpiredTokenException' }],
    ['no name that a service made up', { name: 'SampleAdaException' }, { type: 'Error' }],
    ['no code that a service made up', { code: 'SAMPLE_ADA' }, { type: 'Error' }],
    ['no constructor that a service made up', { constructor: { name: 'SampleAda' } }, { type: 'Error' }],
  ])('%s', (_title, members, expected) => {
    expect(said(ofAnswer(members))).toEqual(expected);
  });

  test.each([secret, 'sample_ada', 'SAMPLE\nADA', 'A'.repeat(70), 19700101])(
    'no code of another form: %j',
    (code) => {
      expect(said(Object.assign(new Error(), { code }))).toEqual({ type: 'Error' });
    },
  );

  test('nothing of a message whose lines look like frames', () => {
    const file = import.meta.url;
    const message = [
      'first',
      '    at SampleAda (node:fs:1:2)',
      '    at Sample_Ada (node:sample_ada:1:2)',
      '    at /home/sample-ada/history.js:1:2',
      `    at Sample (${file.replace('log.test', 'sample-ada')}:1:2)`,
      `    at Sample (${file}/../sample-ada.ts:1:2)`,
      '    at 19700101 (file:///node_modules/sample-ada.js:19700101:1)',
    ].join('\n');
    const text = JSON.stringify(serializeError(new Error(message)));
    expect(text).not.toMatch(/sample.?ada|19700101/i);
    expect(text).toContain('test/log/log.test.ts:');
  });

  test('nothing of other values, and not for ever of an error that causes itself', () => {
    const circle = new Error(secret);
    circle.cause = circle;
    expect(JSON.stringify(serializeError(circle))).not.toContain(secret);
    expect([serializeError(secret), serializeError({ name: secret })]).toEqual([
      { type: 'string' },
      { type: 'object' },
    ]);
  });
});

describe('a line of the log', () => {
  /** As a caller that ignores the types. */
  type Careless = Record<keyof Log, (...words: readonly unknown[]) => void>;

  function lineOf(...words: readonly unknown[]): Record<string, unknown> {
    const { log, lines } = captureLog();
    (log as Careless).error(...words);
    return { ...lines()[0], time: undefined };
  }

  test('has the members of the table that are of their form', () => {
    const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';
    const request = { requestId, method: 'GET', route: '/graphql', status: 200, milliseconds: 3 };
    const operation = { operationType: 'query', operationName: 'Latest_2', errorCodes: ['NOT_FOUND'] };
    const allowed = { ...request, ...operation, code: 'UPSTREAM_AUTH_FAILED', datastoreId: 'd1'.repeat(16) };
    expect(lineOf(allowed, 'answered')).toEqual({ level: 50, ...allowed, msg: 'answered' });
  });

  test('has no other members, and none of another form', () => {
    const words = { requestId: secret, reason: secret, route: `/graphql?${secret}`, status: secret };
    const codes = { code: 'SAMPLE_ADA', datastoreId: 'd'.repeat(33) };
    const errorCodes = ['NOT_FOUND', 'SAMPLE_ADA'];
    const operation = { operationType: secret, operationName: 'Sample Ada', errorCodes };
    expect(
      lineOf(
        { ...words, ...codes, ...operation, patient: secret, limit: { secret }, method: 'GET 1' },
        'refused',
      ),
    ).toEqual({
      level: 50,
      msg: 'refused',
    });
  });

  test('never has the message of an error, even where it has none of its own', () => {
    const line = { level: 50, err: { type: 'Error', at: expect.any(Array) } };
    expect(lineOf(new Error(secret))).toEqual({ ...line, msg: '' });
    expect(lineOf({ err: new Error(secret) })).toEqual({ ...line, msg: '' });
    expect(lineOf(new Error(secret), 'failed')).toEqual({ ...line, msg: 'failed' });
  });
});
