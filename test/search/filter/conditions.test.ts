import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';
import { Kind, parse } from 'graphql';

import { conditions } from '../../../src/search/filter/conditions.ts';

test('the conditions that are read are those of the schema, in the same order', () => {
  const text = readFileSync(new URL('../../../schema/filter.graphql', import.meta.url), 'utf8');
  const fields = parse(text).definitions.flatMap((definition) =>
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && definition.name.value === 'ImageSetFilter'
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  );
  expect([...Object.keys(conditions), 'and']).toEqual(fields);
});
