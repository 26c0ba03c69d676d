import { expect, test } from '@jest/globals';
import { buildSchema as parseSchema, parse, validate } from 'graphql';

import { NoServiceSdlRule } from '../../../src/graphql/errors/hiddenSchema.ts';

const schema = parseSchema(
  'type Query { _service: Other, other: Other } type Other { _service: String, sdl: String }',
);
const errors = (source: string) =>
  validate(schema, parse(source), [NoServiceSdlRule]).map(({ message, extensions, locations }) => [
    message,
    extensions,
    locations,
  ]);

test('_service, which shows the whole schema, is refused as introspection is, under any alias', () => {
  const refused = (column: number) => [
    'Introspection is off on this graph.',
    { validationErrorCode: 'INTROSPECTION_DISABLED' },
    [{ line: 1, column }],
  ];
  expect(errors('{ _service { sdl } }')).toEqual([refused(3)]);
  expect(errors('{ a: _service { sdl } }')).toEqual([refused(3)]);
  expect(errors('{ ...F } fragment F on Query { _service { sdl } }')).toEqual([refused(32)]);
});

test('_service of another type and other fields of the root are not refused', () => {
  expect(errors('{ other { _service sdl } }')).toEqual([]);
});
