import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { propertyParameters } from '../../support/propertyRuns.ts';
import { changes, changingUpstream, storedRows, traits } from './changingUpstream.ts';
import { boundable, firsts, orderOf, unboundable, walk } from './changingWalk.ts';

const lives = fc.array(changes, { maxLength: 12 });

describe('a walk over an upstream that changes', () => {
  test.each([
    ['by the bound of its search', boundable],
    ['by next tokens', unboundable],
  ])(
    '%s skips no row that stays with its value, and repeats only what has an equal',
    async (_how, searches) => {
      await fc.assert(
        fc.asyncProperty(
          storedRows,
          searches,
          traits,
          firsts,
          lives,
          async (rows, criteria, behaviour, first, life) => {
            const upstream = changingUpstream(rows, orderOf(criteria), behaviour);
            const { given, stayed, idsOf } = await walk(upstream, criteria, { first, life });
            expect([...stayed].filter((name) => !given.has(name))).toEqual([]);
            const repeated = [...given]
              .filter(([, times]) => times > 1)
              .map(([name]) => name.split(' ')[1] ?? '');
            expect(repeated.filter((time) => (idsOf.get(time)?.size ?? 0) < 2)).toEqual([]);
          },
        ),
        propertyParameters(800),
      );
    },
  );
});
