import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { callsAhead, tooMany, Turns, type Waiting } from '../../../src/healthimaging/calls/turns.ts';

const waiting = (caller: string): Waiting & { readonly name: string } => ({ name: caller, call: { caller } });

/** The callers in the order in which their calls go, of calls that all wait. */
function order(callers: string): string {
  const turns = new Turns();
  const waiters = Array.from(callers, waiting);
  let went = '';
  while (waiters.length > 0) {
    const [waiter] = waiters.splice(turns.next(waiters), 1);
    if (waiter === undefined) throw new RangeError('expected a waiter');
    turns.taken(waiter);
    went += waiter.name;
  }
  return went;
}

describe('turns', () => {
  test.each([
    ['aaaa', 'aaaa'],
    ['aaab', 'abaa'],
    ['aaabbc', 'abcaba'],
    ['aaaaaaabbb', 'abababaaaa'],
  ])('of %s are %s', (callers, expected) => {
    expect(order(callers)).toBe(expected);
  });

  test('of one who had theirs come after those of all who wait, when they come again', () => {
    const turns = new Turns();
    const [a, b, c] = ['a', 'b', 'c'].map(waiting);
    if (!a || !b || !c) throw new RangeError('expected three');
    turns.taken(a);
    expect(turns.next([a, b, c])).toBe(1);
    turns.taken(b);
    expect(turns.next([b, a, c])).toBe(2);
    turns.taken(c);
    expect(turns.next([c, b, a])).toBe(2);
  });

  const lanes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });

  test('take every call once, those of a caller in their order, and no caller waits for two of another', () => {
    fc.assert(
      fc.property(lanes, (callers) => {
        const went = order(callers.join(''));
        expect(Array.from(went).sort()).toEqual([...callers].sort());
        for (const caller of new Set(callers)) {
          const before = went.slice(0, went.indexOf(caller));
          for (const other of new Set(callers)) {
            if (other === caller) continue;
            expect(Array.from(before).filter((name) => name === other).length).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  test('are told ahead: no more calls go before one that joins', () => {
    fc.assert(
      fc.property(lanes, fc.constantFrom('a', 'b', 'c', 'd'), (callers, joining) => {
        const ahead = callsAhead(callers.map(waiting), waiting(joining));
        const own = callers.filter((caller) => caller === joining).length;
        const places = Array.from(order(callers.join('') + joining).matchAll(new RegExp(joining, 'g')));
        expect(places[own]?.index).toBeLessThanOrEqual(ahead);
      }),
    );
  });
});

describe('where no more may wait', () => {
  test('the last call of who has most of them goes, unless that is who joins', () => {
    const waiters = Array.from('aabaca', (name, index) => ({ ...waiting(name), index }));
    expect(tooMany(waiters, waiting('b'))?.index).toBe(5);
    expect(tooMany(waiters, waiting('d'))?.index).toBe(5);
    expect(tooMany(waiters, waiting('a'))).toBeUndefined();
    expect(tooMany(Array.from('ab', waiting), waiting('c'))).toBeUndefined();
  });
});
