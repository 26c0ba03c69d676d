import { buildSubgraphSchema } from '@apollo/subgraph';
import { expect, test } from '@jest/globals';
import { Kind, parse, Source, type DocumentNode } from 'graphql';

import { SchemaError } from '../../src/graphql/schemaError.ts';

/** As two files of the schema; `@key` is known to Apollo's builder alone. */
function messageOf(firstFile: string): string {
  const files = [
    new Source(firstFile, 'schema/first.graphql'),
    new Source(
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
       type Query { first: First }`,
      'schema/second.graphql',
    ),
  ];
  const definitions = files.flatMap((file) => parse(file).definitions);
  const typeDefs: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  try {
    buildSubgraphSchema([{ typeDefs }]);
  } catch (error) {
    return new SchemaError(error, typeDefs).message;
  }
  throw new Error('expected a schema that cannot be built');
}

test.each([
  [
    'types and directives that are unknown',
    'type First @key(fields: "id") {\n  id: Idd!\n  name: String @costs\n}',
    [
      'schema/first.graphql:2:7: Unknown type "Idd".',
      'schema/first.graphql:3:16: Unknown directive "@costs".',
    ],
  ],
  [
    'an interface that is not implemented',
    'interface Node { id: ID! }\ntype First implements Node @key(fields: "name") {\n  name: String\n}',
    ['schema/first.graphql:1:18: Interface field Node.id expected but First does not provide it.'],
  ],
])('names file and line of %s', (_title, firstFile, expected) => {
  const [title, ...faults] = messageOf(firstFile).split('\n');
  expect(title).toBe('The schema cannot be used:');
  expect(faults.map((fault) => fault.trim().replace(/ Did you mean .*$/, '')).toSorted()).toEqual(expected);
});

test('says where an error of the code was thrown', () => {
  const error = new TypeError('no policy');
  expect(new SchemaError(error).message).toContain(`TypeError: no policy\n    at `);
  expect(new SchemaError(error).cause).toBe(error);
});
