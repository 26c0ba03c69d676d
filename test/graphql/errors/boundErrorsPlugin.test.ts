import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { expect, test } from '@jest/globals';

import { boundErrorsPlugin } from '../../../src/graphql/errors/boundErrorsPlugin.ts';

type Context = GraphQLRequestContextWillSendResponse<Record<string, never>>;

/** What goes out of a body; the part of a request that the plugin looks at. */
async function sent(body: unknown): Promise<unknown> {
  const request = { response: { body } } as unknown as Context;
  const listener = await boundErrorsPlugin.requestDidStart?.(request);
  await listener?.willSendResponse?.(request);
  return request.response.body;
}

const single = (singleResult: object) => ({ kind: 'single', singleResult });
/** An error of so many bytes in JSON. */
const sized = (bytes: number, letter = 'x') => ({
  message: letter.repeat((bytes - JSON.stringify({ message: '' }).length) / Buffer.byteLength(letter)),
});

test('a refusal keeps its first errors, up to 1,900 bytes with the commas between them', async () => {
  const fit = [sized(949), sized(949)];
  expect(await sent(single({ errors: [...fit, sized(20)] }))).toEqual(single({ errors: fit }));
  expect(await sent(single({ errors: [sized(949), sized(950)] }))).toEqual(
    single({ errors: [sized(949), sized(950)].slice(0, 1) }),
  );
  expect(await sent(single({ errors: [sized(1_000), sized(898)], extensions: { a: 1 } }))).toEqual(
    single({ errors: [sized(1_000), sized(898)], extensions: { a: 1 } }),
  );
});

test('errors are measured in bytes, not in characters', async () => {
  const errors = [sized(1_014, 'é'), sized(1_014, 'é')];
  expect(await sent(single({ errors }))).toEqual(single({ errors: errors.slice(0, 1) }));
});

test('the first error is kept whatever its size', async () => {
  const errors = [sized(5_000), sized(20)];
  expect(await sent(single({ errors }))).toEqual(single({ errors: errors.slice(0, 1) }));
  expect(await sent(single({ errors: errors.slice(0, 1) }))).toEqual(single({ errors: errors.slice(0, 1) }));
});

test('responses with data, without errors or in several parts are not cut', async () => {
  const errors = Array.from({ length: 9 }, () => sized(1_000));
  const bodies = [
    single({ data: {}, errors }),
    single({ data: null, errors }),
    single({}),
    { kind: 'incremental' },
  ];
  for (const body of bodies) expect(await sent(structuredClone(body))).toEqual(body);
});
