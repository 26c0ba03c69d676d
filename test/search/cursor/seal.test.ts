import { createHmac } from 'node:crypto';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { cursorKey, increment, open, seal, sealEach } from '../../../src/search/cursor/seal.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

const { rows: key } = cursorKey(Buffer.alloc(32, 3));
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

test('texts that are sealed together are those that are sealed alone, and open', () => {
  const text = fc.record({ plaintext: bytes, bound: bytes, head: bytes });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const together = sealEach(key, texts);
      expect(together).toEqual(
        texts.map(({ plaintext, bound, head }) => Buffer.concat([head, seal(key, plaintext, bound)])),
      );
      const opened = texts.map(({ bound, head }, index) =>
        open(key, together[index]?.subarray(head.length) ?? Buffer.of(), bound),
      );
      expect(opened).toEqual(texts.map(({ plaintext }) => plaintext));
    }),
    propertyParameters(1_000),
  );
});

test('the tag is HMAC-SHA-256 as node:crypto has it', () => {
  fc.assert(
    fc.property(bytes, bytes, (plaintext, bound) => {
      // The key's own bytes, from the block that its inner hash begins with.
      const secret = key.mac.inner.map((byte) => byte ^ 0x36).subarray(0, 32);
      const tag = createHmac('sha256', secret).update(bound).update(plaintext).digest().subarray(0, 16);
      expect(seal(key, plaintext, bound).subarray(0, 16)).toEqual(tag);
    }),
    propertyParameters(500),
  );
});

test('a counter goes on at its end, as that of AES-256-CTR does', () => {
  const carried = (hex: string) => {
    const counter = Buffer.from(hex, 'hex');
    increment(counter);
    return counter.toString('hex');
  };
  expect([carried('0'.repeat(32)), carried(`${'0'.repeat(28)}00ff`), carried('f'.repeat(32))]).toEqual([
    `${'0'.repeat(31)}1`,
    `${'0'.repeat(29)}100`,
    '0'.repeat(32),
  ]);
});
