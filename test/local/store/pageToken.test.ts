import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { openPageToken, sealPageToken, type PagePosition } from '../../../src/local/store/pageToken.ts';

const secret = new Uint8Array(32).fill(7);
const position: fc.Arbitrary<PagePosition> = fc.record({
  key: fc.oneof(fc.integer(), fc.constantFrom('', '20260101093000000000')),
  seq: fc.nat(),
});

describe('a page token', () => {
  test('opens to the position that it was sealed from', () => {
    fc.assert(
      fc.property(position, fc.string(), (sealed, purpose) => {
        expect(openPageToken(secret, purpose, sealPageToken(secret, purpose, sealed))).toEqual(sealed);
      }),
      { examples: [[{ key: 0, seq: 0 }, '']] },
    );
  });

  test('opens for no other purpose and with no other secret', () => {
    const token = sealPageToken(secret, 'one', { key: 1, seq: 2 });
    expect(openPageToken(secret, 'other', token)).toBeUndefined();
    expect(openPageToken(new Uint8Array(32), 'one', token)).toBeUndefined();
  });

  test('does not open when altered in any character, cut, extended or encoded differently', () => {
    const token = sealPageToken(secret, 'one', { key: '20260101093000000000', seq: 12_345 });
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= .\n';
    const altered = Array.from(token).flatMap((character, at) =>
      Array.from(alphabet)
        .filter((other) => other !== character)
        .map((other) => token.slice(0, at) + other + token.slice(at + 1)),
    );
    const cut = Array.from(token, (_, length) => token.slice(0, length));
    const longer = ['A', '=', '==', ' ', '\n'].flatMap((more) => [token + more, more + token]);
    const opened = [...altered, ...cut, ...longer].filter(
      (other) => openPageToken(secret, 'one', other) !== undefined,
    );
    expect(opened).toEqual([]);
  });

  test('does not open from arbitrary text, and hides its position', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openPageToken(secret, 'one', text)).toBeUndefined();
      }),
    );
    const token = sealPageToken(secret, 'one', { key: '20260101093000000000', seq: 12_345 });
    expect(Buffer.from(token, 'base64url').includes('20260101')).toBe(false);
  });
});
