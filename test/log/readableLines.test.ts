import { stripVTControlCharacters } from 'node:util';

import { expect, test } from '@jest/globals';

import { GatewayError } from '../../src/errors.ts';
import { createLog, type Log } from '../../src/log/log.ts';

function written(write: (log: Log) => void): string {
  let text = '';
  const destination = { write: (line: string) => (text += line) };
  write(createLog({ level: 'info', readable: true, destination }));
  return stripVTControlCharacters(text).replace(/^\[\d\d:\d\d:\d\d\.\d{3}\] /, '');
}

const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';
const request = { requestId, method: 'POST', route: '/graphql', status: 200, milliseconds: 12 };

test('a request is one line', () => {
  expect(written((log) => log.info(request, 'answered'))).toBe(
    `INFO: POST /graphql 200 12 ms, request ${requestId}\n`,
  );
  const operation = { operationType: 'query', operationName: 'Latest' };
  const errorCodes = ['UPSTREAM_TIMEOUT', 'NOT_FOUND'];
  expect(written((log) => log.info({ ...request, ...operation, errorCodes }, 'answered'))).toBe(
    `INFO: POST /graphql 200 12 ms query Latest UPSTREAM_TIMEOUT NOT_FOUND, request ${requestId}\n`,
  );
  const nowhere = { ...request, method: 'GET', route: undefined, status: 404 };
  expect(written((log) => log.info(nowhere, 'answered'))).toBe(
    `INFO: GET (no route) 404 12 ms, request ${requestId}\n`,
  );
});

test('other lines are their message, and what belongs to it', () => {
  expect(written((log) => log.warn('CURSOR_KEYS is not set'))).toBe('WARN: CURSOR_KEYS is not set\n');
  expect(written((log) => log.info({ signal: 'SIGTERM' }, 'draining'))).toBe(
    'INFO: draining {"signal":"SIGTERM"}\n',
  );
});

test('an error stands below its line, without its message', () => {
  const text = written((log) =>
    log.error({ err: new GatewayError('UPSTREAM_TIMEOUT'), requestId }, 'failed'),
  );
  const [line, ...below] = text.split('\n');
  expect(line).toBe(`ERROR: failed {"requestId":"${requestId}"}`);
  expect(JSON.parse(below.join('\n').replaceAll(/^ {4}/gm, ''))).toMatchObject({
    type: 'GatewayError',
    code: 'UPSTREAM_TIMEOUT',
    at: expect.arrayContaining([expect.stringMatching(/^test\/log\/readableLines\.test\.ts:/)]),
  });
});
