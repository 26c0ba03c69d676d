import { expect, test } from '@jest/globals';

import { encode, isLong } from '../../../src/server/answers/content.ts';

test.each([
  ['of two units each', '\u{1F600}', 3_000_000],
  ['of one unit and then of two', 'a\u{1F600}', 2_000_000],
  ['of one unit', 'é', 1_048_577],
  ['that are half of one', '\u{D83D}', 2_097_152],
])('a long text of characters %s is encoded as a whole would be', async (_what, part, length) => {
  const text = part.repeat(Math.ceil(length / part.length));
  const slices = await encode(text);
  expect(slices.length).toBeGreaterThan(1);
  expect(Buffer.concat(slices).equals(Buffer.from(text))).toBe(true);
});

test('a page of rows is not long', () => {
  expect([isLong('{"data":{}}\n'), isLong(' '.repeat(1_048_577))]).toEqual([false, true]);
});
