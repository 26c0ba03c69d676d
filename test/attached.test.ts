import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { attached } from '../src/attached.ts';

describe('attached', () => {
  test('keeps a value for each object, as a WeakMap does', () => {
    const step = fc.record({ owner: fc.nat(4), value: fc.option(fc.nat(9), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const owners = [{}, [], Object.create(null) as object, new Map(), () => undefined];
        const [known, expected] = [attached<object, number>(), new WeakMap<object, number | undefined>()];
        for (const { owner, value } of steps) {
          const object = owners[owner] ?? {};
          known.set(object, value);
          expected.set(object, value);
        }
        expect(owners.map((owner) => known.get(owner))).toEqual(owners.map((owner) => expected.get(owner)));
      }),
    );
  });

  test('two of them do not know of each other', () => {
    const [one, other] = [attached<object, string>(), attached<object, string>()];
    const owner = {};
    one.set(owner, 'one');
    expect([one.get(owner), other.get(owner)]).toEqual(['one', undefined]);
  });

  test('nobody sees it on the object, and a copy does not have it', () => {
    const known = attached<object, string>();
    const owner = { name: 'owner' };
    known.set(owner, 'secret');
    expect(Reflect.ownKeys(owner)).toEqual(['name']);
    expect(known.get({ ...owner })).toBeUndefined();
    expect(known.get(structuredClone(owner))).toBeUndefined();
  });
});
