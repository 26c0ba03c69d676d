import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';

import { serializeError } from '../../src/log/serializeError.ts';
import { logLevels } from '../../src/log/log.ts';
import { captureLog } from '../support/capturedLog.ts';

const file = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is said of the places of a stack. */
function places(...lines: readonly string[]): unknown {
  const error = new Error('x');
  error.stack = ['Error: x', ...lines].join('\n');
  return serializeError(error)['at'];
}

describe('the place of an error', () => {
  let elsewhere: string;
  beforeAll(() => {
    elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    writeFileSync(join(elsewhere, 'module.js'), '');
  });
  afterAll(() => rmSync(elsewhere, { recursive: true }));

  test.each([
    ['a function', `    at f (${file}:1:2)`, 'test/log/serializeError.test.ts:1:2'],
    ['a file', `    at ${file}:10:200`, 'test/log/serializeError.test.ts:10:200'],
    ['a file by URL', `    at async f (file://${file}:1:2)`, 'test/log/serializeError.test.ts:1:2'],
    ['a file by URL alone', `    at file://${file}:1:2`, 'test/log/serializeError.test.ts:1:2'],
    [
      'what evaluated a function',
      `    at Object.<anonymous> (eval at f (${file}:1:2)`,
      'test/log/serializeError.test.ts:1:2',
    ],
    [
      'a module of another package',
      `    at f (${root}node_modules/jest/bin/jest.js:1:2)`,
      'node_modules/jest/bin/jest.js:1:2',
    ],
    ['a module of Node.js', '    at f (node:fs/promises:123456:7)', 'node:fs/promises:123456:7'],
  ])('is told of %s', (_title, line, place) => {
    expect(places(line)).toEqual([place]);
    // The second time by what is known of the file.
    expect(places(line)).toEqual([place]);
  });

  test('is left out for a file that does not exist, or belongs neither to this package nor to one it uses', () => {
    const located = (location: string) => `    at f (${location}:1:2)`;
    expect(
      places(
        located(join(elsewhere, 'module.js')),
        located(`file://${join(elsewhere, 'module.js')}`),
        located(`${root}src/nothing.ts`),
        located(`${root}node_modules/nothing/index.js`),
        located(`${root}src/../src/errors.ts`),
        located(`${root}README.md`),
        located('node:nothing'),
        located('fs'),
        located('src/errors.ts'),
        located('native'),
      ),
    ).toEqual([]);
  });

  test('is left out for lines that are not frames', () => {
    expect(
      places(
        `at f (${file}:1:2)`,
        `    in f (${file}:1:2)`,
        `    at f (${file}:1)`,
        `    at f (${file})`,
        `    at f (${file}:1:2) and more`,
        `    at f (${file}:1:2))`,
        `    at f (${file}:1234567:2)`,
        `    at f (${file}:1:1234567)`,
        `    at f (${file}:a:2)`,
        `    at ${file}`,
        `    at x${file}:1:2`,
        `SECRET    at f (${file}:1:2)`,
      ),
    ).toEqual([]);
  });

  test('is at most the eight nearest places', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `    at f (${file}:${index}:1)`);
    expect(places('    at f (SECRET)', ...lines)).toEqual(
      lines.slice(0, 8).map((_, index) => `test/log/serializeError.test.ts:${index}:1`),
    );
  });

  test('is left out where there is no stack', () => {
    const error = new Error('x');
    for (const stack of [undefined, 7]) {
      Object.assign(error, { stack });
      expect(serializeError(error)).toEqual({ type: 'Error' });
    }
  });
});

describe('the kind of an error', () => {
  const kind = (error: unknown) => {
    const { type, code } = serializeError(error);
    return code === undefined ? type : [type, code];
  };
  class OwnFault extends Error {}

  test.each<[string, unknown, unknown]>([
    ['its class', new RangeError('x'), 'RangeError'],
    ['a class of ours', new OwnFault('x'), 'OwnFault'],
    ['its class of another realm', runInNewContext('new TypeError("x")'), 'TypeError'],
    ['the name of Node.js', Object.assign(new Error('x'), { name: 'AbortError' }), 'AbortError'],
    ['no unknown name', Object.assign(new Error('x'), { name: 'SECRET' }), 'Error'],
    ['no class without a name', new (class extends Error {})('x'), 'Error'],
    ['no class whose name is a sentence', new { 'SE CRET': class extends Error {} }['SE CRET']('x'), 'Error'],
    [
      'no class of a very long name',
      new ({ ['S'.repeat(61)]: class extends Error {} }['S'.repeat(61)] ?? Error)('x'),
      'Error',
    ],
    [
      'a class of a long name',
      new ({ ['S'.repeat(60)]: class extends Error {} }['S'.repeat(60)] ?? Error)('x'),
      'S'.repeat(60),
    ],
    ['Error for what has no class', Object.setPrototypeOf(new Error('x'), null), 'Error'],
    [
      'Error for a class that is no function',
      Object.setPrototypeOf(new Error('x'), { constructor: { name: 'SECRET' } }),
      'Error',
    ],
    ['that it is null', null, 'object'],
    ['that it is text', 'SECRET', 'string'],
    ['that there is nothing', undefined, 'undefined'],
  ])('is %s', (_title, error, expected) => {
    expect(kind(error)).toBe(expected);
  });

  test.each(['ECONNRESET', 'E', 'ERR_INVALID_ARG_TYPE', 'ERR_a_B', 'EAI9', 'E'.repeat(60)])(
    'has the code %s',
    (code) => {
      expect(kind(Object.assign(new Error('x'), { code }))).toEqual(['Error', code]);
    },
  );

  test.each([
    '',
    'e',
    '1E',
    '_E',
    'E_',
    'Ecode',
    'E CODE',
    'xE',
    'E-1',
    'E\n',
    'E'.repeat(61),
    7,
    null,
    ['ECONNRESET'],
  ])('has no code %j', (code) => {
    expect(kind(Object.assign(new Error('x'), { code }))).toBe('Error');
  });

  test.each([{ $metadata: {} }, { $fault: 'client' }])(
    'has no code where it is made of an answer: %j',
    (members) => {
      expect(kind(Object.assign(new Error('x'), members, { code: 'ECONNRESET' }))).toBe('Error');
    },
  );

  test('has five causes at most', () => {
    let error = new Error('0');
    for (let depth = 1; depth <= 7; depth += 1) error = new Error(String(depth), { cause: error });
    let [depth, told] = [0, serializeError(error)];
    while (typeof told['cause'] === 'object' && told['cause'] !== null) {
      told = told['cause'] as Record<string, unknown>;
      depth += 1;
    }
    expect(depth).toBe(5);
  });

  test('has no cause where none was given, and a cause that is not an error where that was thrown', () => {
    expect('cause' in serializeError(new Error('x'))).toBe(false);
    expect(serializeError(new Error('x', { cause: undefined }))['cause']).toBeUndefined();
    expect(serializeError(new Error('x', { cause: 'SECRET' }))['cause']).toEqual({ type: 'string' });
  });
});

describe('a line of the log', () => {
  const told = (bindings: object) => {
    const { log, lines } = captureLog();
    log.info(bindings, 'text');
    const [{ level, msg, time, ...more } = {}] = lines();
    return { more, whole: [level, msg, typeof time, lines().length] };
  };

  test('has its level, its time, its fixed text, and nothing of the machine', () => {
    expect(told({})).toEqual({ more: {}, whole: [30, 'text', 'number', 1] });
  });

  test.each(['method', 'reason', 'limit', 'field', 'operation', 'signal'])(
    'may have a word for %s',
    (name) => {
      for (const word of ['GET', 'not_json', 'a', 'x'.repeat(60)])
        expect(told({ [name]: word }).more).toEqual({ [name]: word });
      for (const other of ['', 'a b', 'a1', 'a-b', 'a\n', ' a', 'x'.repeat(61), 7, null, ['a'], { a: 'a' }]) {
        expect(told({ [name]: other }).more).toEqual({});
      }
    },
  );

  test.each([
    'status',
    'milliseconds',
    'filesRead',
    'imageSetsMade',
    'imageSetsUpdated',
    'imageSetsUnchanged',
    'leftOut',
  ])('may have a number for %s', (name) => {
    for (const number of [0, 1.5, 200]) expect(told({ [name]: number }).more).toEqual({ [name]: number });
    for (const other of ['200', null, [200], true, { a: 1 }])
      expect(told({ [name]: other }).more).toEqual({});
  });

  test('may have a request id and a route of their form', () => {
    const requestId = '3f0c9a52-8d1e-4b7a-9c3d-2e5f60718293';
    const good = [
      { requestId },
      { route: '/' },
      { route: '/graphql' },
      { route: '/health/live' },
      { route: `/${'x'.repeat(40)}` },
    ];
    expect(good.map((each) => told(each).more)).toEqual(good);
    const bad = [
      { requestId: requestId.toUpperCase() },
      { requestId: `${requestId}0` },
      { requestId: `x${requestId}` },
      { requestId: requestId.replaceAll('-', '') },
      { route: 'graphql' },
      { route: 'http://x/graphql' },
      { route: '/graphql?x' },
      { route: '/a1' },
      { route: `/${'x'.repeat(41)}` },
    ];
    expect(bad.map((each) => told(each).more)).toEqual(bad.map(() => ({})));
  });

  test('has no member that is not in the table, not even one that objects inherit', () => {
    expect(told({ patient: 'x', toString: 'x', constructor: 'x', hasOwnProperty: 7 }).more).toEqual({});
  });

  test.each(['err', 'error'])('has of an error as %s only what may be said', (name) => {
    expect(told({ [name]: new TypeError('SECRET') }).more).toEqual({
      [name]: { type: 'TypeError', at: expect.any(Array) },
    });
    expect(told({ [name]: 'SECRET' }).more).toEqual({ [name]: { type: 'string' } });
  });

  test('is at one of pino’s levels, or is not written', () => {
    const levels = Object.entries(pino.levels.values).toSorted(([, one], [, other]) => other - one);
    expect(logLevels).toEqual([...levels.map(([name]) => name), 'silent']);
  });
});
