import { buildSchema as parseSchema } from 'graphql';

import { expect, test } from '@jest/globals';

import {
  enforcePolicies,
  fieldsOf,
  policyOf,
  policyNames,
} from '../../../src/graphql/access/fieldPolicies.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';

const coordinates = fieldsOf(buildSchema()).map(({ type, field }) => `${type.name}.${field.name}`);

test('every field of the schema has a policy, and every policy is of a field of the schema', () => {
  const without = fieldsOf(buildSchema()).filter(
    ({ type, field }) => policyOf(type.name, field.name) === undefined,
  );
  expect(without).toEqual([]);
  expect(policyNames().toSorted()).toEqual(coordinates.toSorted());
});

test('a schema with a field that has no policy cannot be built', () => {
  const schema = parseSchema('type Query { imageSets: String, everything: String }');
  expect(() => {
    enforcePolicies(schema);
  }).toThrow(new TypeError('Query.everything has no policy'));
});

test('every field that leads to patients requires search or read', () => {
  const guarded = coordinates.filter((coordinate) => {
    const [type = '', field = ''] = coordinate.split('.');
    return ['search', 'read', 'any'].includes(policyOf(type, field) ?? '');
  });
  expect(guarded.toSorted()).toEqual([
    'Datastore.imageSets',
    'ImageSet.metadata',
    'ImageSet.properties',
    'ImageSet.versions',
    'ImagingSeries.imageSets',
    'ImagingStudy.imageSets',
    'Patient.imageSets',
    'Query.datastore',
    'Query.datastores',
    'Query.imageSet',
    'Query.imageSets',
    'Query.node',
    'Query.nodes',
  ]);
});
