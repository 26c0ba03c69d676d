import { setImmediate as nextRound } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createWorkTurns } from '../../../src/server/admission/workTurns.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

describe('work', () => {
  test('begins at once while there is little to begin', async () => {
    const turns = createWorkTurns();
    for (let round = 0; round < 3; round += 1) {
      expect(turns.wait('a')).toBeUndefined();
      await nextRound();
    }
  });

  test('of one request begins beside a flood within two rounds', async () => {
    const turns = createWorkTurns();
    const begun: string[] = [];
    const send = (caller: string) => (turns.wait(caller) ?? Promise.resolve()).then(() => begun.push(caller));
    const flood = Array.from({ length: 200 }, () => send('flood'));
    const victim = send('victim');
    await nextRound();
    await nextRound();
    expect(begun).toEqual(['flood', 'flood', 'victim']);
    await Promise.all([...flood, victim]);
    expect(begun).toHaveLength(201);
  });

  test('of every request begins, those of one caller in their order, and nobody goes twice before one who waits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), async (callers) => {
        const turns = createWorkTurns();
        const begun: { caller: string; number: number }[] = [];
        const all = callers.map(async (caller, number) => {
          await turns.wait(caller);
          begun.push({ caller, number });
        });
        await Promise.all(all);
        for (const caller of ['a', 'b', 'c']) {
          const own = begun.filter((each) => each.caller === caller).map(({ number }) => number);
          expect(own).toEqual(own.toSorted((one, other) => one - other));
        }
        // The first did not wait.
        const waited = begun.slice(1);
        for (const [at, { caller }] of waited.entries()) {
          if (waited[at + 1]?.caller !== caller) continue;
          expect(waited.slice(at + 1).every((each) => each.caller === caller)).toBe(true);
        }
        expect(begun).toHaveLength(callers.length);
      }),
      propertyParameters(200),
    );
  });
});
