import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { isoTime } from '../../../src/healthimaging/responses/isoTime.ts';

test('writes what Date writes, from the year 0 to the year 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (milliseconds) => {
      expect(isoTime(milliseconds)).toBe(new Date(milliseconds).toISOString());
    }),
    { numRuns: 2_000 },
  );
});
