import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, execute, Kind, parse, type ExecutionResult } from 'graphql';

import {
  demand,
  enforcePolicies,
  fieldsOf,
  isGranted,
  policyNames,
  policyOf,
  type Policy,
} from '../../../src/graphql/access/fieldPolicies.ts';
import { wholeSchema } from '../../../src/graphql/sdl.ts';

/** `Type.field` of every field in the schema's files, and of those that every subgraph has. */
const coordinates = [
  ...wholeSchema().definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (definition.fields ?? []).map((field) => `${definition.name.value}.${field.name.value}`)
      : [],
  ),
  'Query._entities',
  'Query._service',
  '_Service.sdl',
];

describe('the table of policies', () => {
  test('has every field of the schema, and no other', () => {
    expect(policyNames().toSorted()).toEqual(coordinates.toSorted());
  });

  test.each<[Policy, readonly string[]]>([
    [
      'search',
      [
        'Datastore.imageSets',
        'ImagingSeries.imageSets',
        'ImagingStudy.imageSets',
        'Patient.imageSets',
        'Query.imageSets',
      ],
    ],
    ['read', ['ImageSet.metadata', 'ImageSet.properties', 'ImageSet.versions', 'Query.imageSet']],
    ['any', ['Query.datastore', 'Query.datastores', 'Query.node', 'Query.nodes']],
    ['public', ['Query._entities', 'Query._service', '_Service.sdl']],
  ])('gives the policy %s to these fields, and to no others', (policy, expected) => {
    const ofPolicy = (wanted: Policy) =>
      coordinates.filter((coordinate) => {
        const [type = '', field = ''] = coordinate.split('.');
        return policyOf(type, field) === wanted;
      });
    expect(ofPolicy(policy).toSorted()).toEqual(expected);
    expect(ofPolicy('parent').length).toBe(coordinates.length - 16);
  });

  test('is undefined for fields and types that do not exist', () => {
    expect([policyOf('Nothing', 'id'), policyOf('Query', 'nothing')]).toEqual([undefined, undefined]);
  });
});

const grants = {
  search: [true, false],
  read: [false, true],
  both: [true, true],
  none: [false, false],
} as const;
const grantOf = ([search, read]: readonly [boolean, boolean]) => ({
  search,
  read,
  patientId: undefined,
  datastoreIds: [],
});

describe('a grant', () => {
  test.each<[Policy, object]>([
    ['search', { search: true, read: false, both: true, none: false }],
    ['read', { search: false, read: true, both: true, none: false }],
    ['any', { search: true, read: true, both: true, none: false }],
    ['parent', { search: true, read: true, both: true, none: true }],
    ['public', { search: true, read: true, both: true, none: true }],
  ])('is enough for %s: %j', (policy, expected) => {
    const found = Object.entries(grants).map(([name, grant]) => [name, isGranted(policy, grantOf(grant))]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('that is not enough fails with FORBIDDEN', () => {
    const principal = { id: '', tenant: '', issuer: undefined, subject: undefined, clientId: undefined };
    const of = (grant: readonly [boolean, boolean]) => () => {
      demand('search', { principal: { ...principal, grant: grantOf(grant) } });
    };
    expect(of(grants.read)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(of(grants.search)).not.toThrow();
  });
});

describe('policies in a schema', () => {
  const sdl = `
    type Query { imageSets: ImageSetConnection, imageSet: ImageSet, datastore: Datastore }
    interface Node { id: ID }
    type ImageSetConnection { nodes: [ImageSet] }
    type ImageSet implements Node { id: ID, metadata: String }
    type Datastore implements Node { id: ID, imageSets: ImageSetConnection }
  `;

  /** The data, and the errors by path. */
  async function answer(source: string, grant: readonly [boolean, boolean]) {
    const schema = parseSchema(sdl);
    const fields = Object.fromEntries(
      fieldsOf(schema).map(({ type, field }) => [`${type.name}.${field.name}`, field]),
    );
    const metadata = fields['ImageSet.metadata'];
    if (metadata !== undefined)
      metadata.resolve = (parent, ...[, , info]) => `of ${JSON.stringify(parent)} at ${info.fieldName}`;
    enforcePolicies(schema);
    const imageSet = { id: 'a' };
    const rootValue = {
      imageSets: { nodes: [imageSet] },
      imageSet,
      datastore: { id: 'd', imageSets: { nodes: [] } },
    };
    const contextValue = { principal: { grant: grantOf(grant) } };
    const result: ExecutionResult = await execute({
      schema,
      document: parse(source),
      rootValue,
      contextValue,
    });
    return {
      data: structuredClone(result.data),
      forbidden: (result.errors ?? []).map(({ path, originalError }) => [path?.join('.'), originalError]),
    };
  }

  const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });

  test('are enforced before each resolver, a field’s own or the default one', async () => {
    const source =
      '{ imageSets { nodes { id metadata } } imageSet { id } datastore { id imageSets { nodes { id } } } }';
    expect(await answer(source, grants.both)).toEqual({
      data: {
        imageSets: { nodes: [{ id: 'a', metadata: 'of {"id":"a"} at metadata' }] },
        imageSet: { id: 'a' },
        datastore: { id: 'd', imageSets: { nodes: [] } },
      },
      forbidden: [],
    });
    expect(await answer(source, grants.search)).toEqual({
      data: {
        imageSets: { nodes: [{ id: 'a', metadata: null }] },
        imageSet: null,
        datastore: { id: 'd', imageSets: { nodes: [] } },
      },
      forbidden: [
        ['imageSets.nodes.0.metadata', forbidden],
        ['imageSet', forbidden],
      ],
    });
    expect(await answer(source, grants.read)).toEqual({
      data: { imageSets: null, imageSet: { id: 'a' }, datastore: { id: 'd', imageSets: null } },
      forbidden: [
        ['imageSets', forbidden],
        ['datastore.imageSets', forbidden],
      ],
    });
  });

  test('leave the resolvers of parent and public fields as they are', () => {
    const schema = parseSchema(sdl);
    enforcePolicies(schema);
    const guarded = fieldsOf(schema)
      .filter(({ field }) => field.resolve !== undefined)
      .map(({ type, field }) => `${type.name}.${field.name}`);
    expect(guarded).toEqual([
      'Query.imageSets',
      'Query.imageSet',
      'Query.datastore',
      'ImageSet.metadata',
      'Datastore.imageSets',
    ]);
  });

  test.each([
    ['a type', 'type Query { everything: String }', 'Query.everything has no policy'],
    [
      'an interface',
      'type Query { imageSet: Node } interface Node { other: ID }',
      'Node.other has no policy',
    ],
  ])('are required for every field of %s', (_title, source, message) => {
    expect(() => {
      enforcePolicies(parseSchema(source));
    }).toThrow(new TypeError(message));
  });

  test('apply to the fields of objects and interfaces, without introspection', () => {
    const source =
      'type Query { a: A, b(input: I): B } enum B { C } input I { x: Int } interface A { y: Int } union U = Query';
    const names = fieldsOf(parseSchema(source)).map(({ type, field }) => `${type.name}.${field.name}`);
    expect(names).toEqual(['Query.a', 'Query.b', 'A.y']);
  });
});
