import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { hasRepeatedMembers, readJwtForm } from '../../src/auth/jwtForm.ts';
import { encoded, type TokenPart } from '../support/tokens/signToken.ts';

const algorithms = ['RS256', 'ES256'];
const good = { alg: 'RS256', typ: 'at+jwt', kid: 'first' };
const claims = { sub: 'somebody' };
const read = (token: string) => readJwtForm(token, algorithms);
const token = (header: TokenPart, payload: TokenPart = claims) =>
  `${encoded(header)}.${encoded(payload)}.${encoded('signature')}`;

describe('a token in the supported form', () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['of an access token', good],
    ['of another algorithm that is allowed', { ...good, alg: 'ES256' }],
    ['without a key id', { ...good, kid: undefined }],
    ['with an empty key id', { ...good, kid: '' }],
    ['without a type', { ...good, typ: undefined }],
    ['of an older issuer', { ...good, typ: 'JWT' }],
    ['in capitals', { ...good, typ: 'AT+JWT' }],
    ['whose type is written in full', { ...good, typ: 'Application/at+jwt' }],
    ['with a header that means nothing here', { ...good, x5t: 'x' }],
  ])('%s gives its claims', (_title, header) => {
    expect(read(token(header))).toEqual({ claims });
  });

  test('has at most 8192 characters', () => {
    const padding = (length: number) => token(good, { filler: 'x'.repeat(length) });
    const longest = [...Array(6_200).keys()].map(padding).findLast(({ length }) => length <= 8_192) ?? '';
    const filled = longest + 'A'.repeat(8_192 - longest.length);
    expect([filled.length, 'claims' in read(filled) || read(filled)]).toEqual([8_192, true]);
    expect(read(`${filled}AAAA`)).toEqual({ fault: 'too_large' });
  });
});

describe('a token in any other form is refused', () => {
  const [header = '', payload = '', signature = ''] = token(good).split('.');
  const notUtf8 = encoded(Buffer.from('{"a":"\xff"}', 'latin1'));
  test.each([
    ['', 'malformed'],
    [`${header}.${payload}`, 'malformed'],
    [`${header}.${payload}.`, 'malformed'],
    [`.${payload}.${signature}`, 'malformed'],
    [`${header}..${signature}`, 'malformed'],
    [`${header}.${payload}.${signature}.${signature}`, 'malformed'],
    [` ${header}.${payload}.${signature}`, 'malformed'],
    [`${header}.${payload}.${signature}\n`, 'malformed'],
    [`${header}.${payload}.${signature}=`, 'malformed'],
    [`${header}+${payload}.${signature}`, 'malformed'],
    // The same bytes with another last character, whose last bits are not used.
    [`${header}.${payload}.QR`, 'malformed'],
    [`${header}.${notUtf8}.${signature}`, 'malformed'],
    [`${encoded('[]')}.${payload}.${signature}`, 'malformed'],
    [`${encoded('null')}.${payload}.${signature}`, 'malformed'],
    [`${encoded('"RS256"')}.${payload}.${signature}`, 'malformed'],
    [token('{alg:RS256}'), 'malformed'],
    [token(good, '[]'), 'malformed'],
    [token(good, 'null'), 'malformed'],
    [token(good, '7'), 'malformed'],
    [token(good, '{"sub":"a","sub":"b"}'), 'malformed'],
    [token('{"alg":"RS256","alg":"RS256"}'), 'malformed'],
    [token({ ...good, alg: undefined }), 'algorithm'],
    [token({ ...good, alg: 'none' }), 'algorithm'],
    [token({ ...good, alg: 'rs256' }), 'algorithm'],
    [token({ ...good, alg: ['RS256'] }), 'algorithm'],
    [token({ ...good, kid: 7 }), 'header'],
    [token({ ...good, kid: null }), 'header'],
    [token({ ...good, typ: 'id+jwt' }), 'type'],
    [token({ ...good, typ: 'at+jwtx' }), 'type'],
    [token({ ...good, typ: 'aapplication/t+jwt' }), 'type'],
    [token({ ...good, typ: 'text/application/jwt' }), 'type'],
    [token({ ...good, typ: '' }), 'type'],
    [token({ ...good, typ: null }), 'type'],
    [token({ ...good, typ: ['JWT'] }), 'type'],
  ])('%j: %s', (text, fault) => {
    expect(read(text)).toEqual({ fault });
  });

  test.each(['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty'])(
    'a header %s, whatever it holds',
    (name) => {
      for (const value of ['x', null, false]) {
        expect(read(token({ ...good, [name]: value }))).toEqual({ fault: 'header' });
      }
    },
  );
});

describe('repeated members', () => {
  const repeated = (text: string) => hasRepeatedMembers(text, JSON.parse(text) as unknown);

  test('are never found in JSON made from a value, whatever its strings hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        expect(repeated(JSON.stringify(value, null, indent))).toBe(false);
      }),
    );
  });

  test('are found at any depth', () => {
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

  test('are found however deep a token of 8 KB can nest', () => {
    const nested = (inner: string) => `${'['.repeat(4_096)}${inner}${']'.repeat(4_096)}`;
    expect([repeated(nested('{"a":1}')), repeated(nested('{"a":1,"a":1}'))]).toEqual([false, true]);
  });
});
