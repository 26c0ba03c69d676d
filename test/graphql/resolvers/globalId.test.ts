import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { decodeGlobalId, encodeGlobalId } from '../../../src/graphql/resolvers/globalId.ts';

const serviceId = fc.stringMatching(/^[0-9a-z]{32}$/);

test('a global identifier decodes to what it was made from', () => {
  fc.assert(
    fc.property(serviceId, serviceId, (datastoreId, imageSetId) => {
      for (const id of [
        { type: 'ImageSet', datastoreId, imageSetId },
        { type: 'Datastore', datastoreId },
      ] as const) {
        expect(decodeGlobalId(encodeGlobalId(id))).toEqual(id);
      }
    }),
  );
});

test('any other text names nothing, even another spelling of a real identifier', () => {
  const real = encodeGlobalId({ type: 'Datastore', datastoreId: 'a'.repeat(32) });
  const wrong = [
    '',
    'x',
    `${real}=`,
    `${real} `,
    ` ${real}`,
    real.slice(0, -1),
    Buffer.from('Datastore:short').toString('base64url'),
  ];
  expect(wrong.map(decodeGlobalId)).toEqual(wrong.map(() => undefined));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => expect(decodeGlobalId(text)).toBeUndefined()),
  );
});
