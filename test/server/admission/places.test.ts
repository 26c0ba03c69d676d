import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createPlaces } from '../../../src/server/admission/places.ts';

/** Places, and whose are taken away. */
function harness(maximum: number) {
  const places = createPlaces(maximum);
  const evicted: string[] = [];
  const take = (caller: string) => places.take(caller, () => evicted.push(caller));
  return { places, evicted, take };
}

describe('places', () => {
  test('are all one caller’s who is alone, and no more than there are', () => {
    const { evicted, take } = harness(3);
    expect(['a', 'a', 'a', 'a'].map((caller) => take(caller) !== undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(evicted).toEqual([]);
  });

  test('are taken from who has most for who comes, until they have as many', () => {
    const { places, evicted, take } = harness(4);
    for (const caller of ['a', 'a', 'a', 'a']) take(caller);
    expect(['b', 'b', 'b', 'c', 'a'].map((caller) => take(caller) !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect([evicted, places.taken()]).toEqual([['a', 'a', 'a'], 4]);
  });

  test('are given back once, also where they were taken away before', () => {
    const { places, take } = harness(2);
    take('a');
    const leave = take('a');
    take('b');
    leave?.();
    leave?.();
    expect(places.taken()).toBe(2);
  });

  test('are never more than there are, and always come to a caller who has none while others have two', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('take', 'leave'), fc.constantFrom('a', 'b', 'c', 'd')));
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), steps, (maximum, taken) => {
        const places = createPlaces(maximum);
        const held: { caller: string; leave: () => void }[] = [];
        const count = (caller: string) => held.filter((each) => each.caller === caller).length;
        for (const [step, caller] of taken) {
          const index = held.findIndex((each) => each.caller === caller);
          if (step === 'leave') {
            held.splice(index, index < 0 ? 0 : 1)[0]?.leave();
          } else {
            const before = ['a', 'b', 'c', 'd'].map(count);
            const entry: { caller: string; leave: () => void } = { caller, leave: () => undefined };
            const leave = places.take(caller, () => {
              held.splice(held.indexOf(entry), 1);
            });
            if (leave === undefined) {
              expect(count(caller) === 0 && Math.max(...before) >= 2).toBe(false);
            } else {
              entry.leave = leave;
              held.push(entry);
            }
          }
          expect(places.taken()).toBe(held.length);
          expect(held.length).toBeLessThanOrEqual(maximum);
        }
      }),
    );
  });
});
