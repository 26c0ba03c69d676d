import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { hasRepeatedMembers } from '../../src/auth/repeatedMembers.ts';

const repeated = (text: string) => hasRepeatedMembers(text, JSON.parse(text) as unknown);

test('JSON that was made from a value has no member twice, whatever is in its texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
      expect(repeated(JSON.stringify(value, null, indent))).toBe(false);
    }),
  );
});

test('a member that is written a second time is seen, at any depth', () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(objects, fc.integer({ min: 0, max: 5 }), (object, depth) => {
      const [[name, value] = []] = Object.entries(object);
      const twice = `{${JSON.stringify(name)} :${JSON.stringify(value)},${JSON.stringify(object).slice(1)}`;
      expect(repeated(`${'[{"a":'.repeat(depth)}${twice}${'}]'.repeat(depth)}`)).toBe(true);
    }),
  );
});

test.each([
  ['{"a":1,"\\u0061":2}', true],
  ['{"__proto__":1,"__proto__":2}', true],
  ['{"__proto__":1,"a":{"__proto__":2}}', false],
  ['{"a":"\\"a\\":"}', false],
  ['["a","a"]', false],
  ['"a"', false],
])('%s: %s', (text, expected) => {
  expect(repeated(text)).toBe(expected);
});

test('counts members however deep they are nested, as deep as a token of 8 KB can', () => {
  const nested = (inner: string) => `${'['.repeat(4_096)}${inner}${']'.repeat(4_096)}`;
  expect([repeated(nested('{"a":1}')), repeated(nested('{"a":1,"a":1}'))]).toEqual([false, true]);
});
