import { createHmac } from 'node:crypto';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { hmac, hmacHex, hmacKey, hmacOfEach } from '../src/hmac.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

test('is HMAC-SHA-256 as node:crypto has it, in each form', () => {
  fc.assert(
    fc.property(
      bytes(64),
      bytes(300),
      fc.array(bytes(2_000), { maxLength: 5 }),
      (secret, beginning, rests) => {
        const key = hmacKey(secret);
        const expected = rests.map((rest) =>
          createHmac('sha256', secret).update(beginning).update(rest).digest('hex'),
        );
        const hmacOf = hmacOfEach(key, beginning);
        const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');
        expect(rests.map((rest) => hex(hmac(key, beginning, rest)))).toEqual(expected);
        expect(rests.map((rest) => hmacHex(key, beginning, rest))).toEqual(expected);
        expect(rests.map((rest) => hex(hmacOf(rest)))).toEqual(expected);
      },
    ),
  );
});
