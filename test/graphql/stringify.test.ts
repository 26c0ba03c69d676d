import { setImmediate as others } from 'node:timers/promises';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { stringify, writtenApart } from '../../src/graphql/stringify.ts';
import { propertyParameters } from '../support/propertyRuns.ts';

const objects = fc.dictionary(fc.string(), fc.jsonValue());

test('values that are written apart are in their places, as JSON.stringify would write them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(objects), fc.jsonValue(), async (values, other) => {
      const plain = { data: { nodes: [other, ...values, ...values] } };
      const expected = `${JSON.stringify(plain)}\n`;
      for (const value of values) writtenApart(value);
      expect(await stringify(plain)).toBe(expected);
      expect(`${JSON.stringify(plain)}\n`).toBe(expected);
    }),
    propertyParameters(300),
  );
});

test('responses that are stringified at once do not mix', async () => {
  const responses = Array.from({ length: 20 }, (_, number) => ({
    first: writtenApart({ number }),
    second: writtenApart({ number }),
  }));
  const texts = await Promise.all(responses.map(stringify));
  expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
    Array.from({ length: 20 }, (_, number) => ({ first: { number }, second: { number } })),
  );
});

test('others get their turn between two of them', async () => {
  let turns = 0;
  const text = stringify([{}, {}, {}].map(writtenApart));
  const counting = (async () => {
    for (;;) {
      await others();
      turns += 1;
      if (turns === 3) return;
    }
  })();
  await text;
  expect(turns).toBeGreaterThanOrEqual(2);
  await counting;
});
