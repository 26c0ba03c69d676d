import { expect, test } from '@jest/globals';
import { getNamedType, isCompositeType, isObjectType } from 'graphql';

import { buildSchema } from '../../../src/graphql/schema.ts';
import { createCostWeights } from '../../../src/graphql/limits/costWeights.ts';

test('every field of objects has its weight and its length', () => {
  const schema = buildSchema({ scopeDirectives: false });
  const weights = createCostWeights(schema);
  const rows = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => {
        const { weight, listSize } = weights.ofField(field);
        return { field, name: `${type.name}.${field.name}`, weight, size: listSize?.assumedSize };
      }),
    )
    .filter(({ field, weight }) => weight > 0 || isCompositeType(getNamedType(field.type)));
  expect(Object.fromEntries(rows.map(({ name, weight, size }) => [name, [weight, size]]))).toEqual({
    'Query.imageSets': [10, 25],
    'Query.imageSet': [10, undefined],
    'Query.datastore': [10, undefined],
    'Query.datastores': [0, 25],
    'Query.node': [10, undefined],
    'Query.nodes': [10, 0],
    'Query._entities': [1, undefined],
    'Query._service': [1, undefined],
    'Datastore.imageSets': [10, 25],
    'DatastoreConnection.edges': [0, undefined],
    'DatastoreConnection.nodes': [10, undefined],
    'DatastoreConnection.pageInfo': [0, undefined],
    'DatastoreEdge.node': [10, undefined],
    'ImageSet.dicomTags': [0, undefined],
    'ImageSet.datastore': [1, undefined],
    'ImageSet.patient': [0, undefined],
    'ImageSet.study': [0, undefined],
    'ImageSet.series': [0, undefined],
    'ImageSet.properties': [10, undefined],
    'ImageSet.metadata': [10, undefined],
    'ImageSet.versions': [10, 25],
    'ImageSetConnection.edges': [1, undefined],
    'ImageSetConnection.nodes': [1, undefined],
    'ImageSetConnection.pageInfo': [0, undefined],
    'ImageSetConnection.sort': [0, undefined],
    'ImageSetEdge.node': [0, undefined],
    'ImageSetVersionConnection.edges': [1, undefined],
    'ImageSetVersionConnection.nodes': [1, undefined],
    'ImageSetVersionConnection.pageInfo': [0, undefined],
    'ImageSetVersionEdge.node': [0, undefined],
    'Patient.imageSets': [10, 25],
    'ImagingStudy.imageSets': [10, 25],
    'ImagingSeries.imageSets': [10, 25],
  });
  const entities = ['ImageSet', 'Datastore', 'Patient', 'ImagingStudy', 'ImagingSeries'];
  expect(entities.map((name) => schema.getType(name)).map((type) => type && weights.ofType(type))).toEqual([
    10, 10, 1, 1, 1,
  ]);
});
