import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';
import { composeServices } from '@theguild/federation-composition';
import { Kind, parse } from 'graphql';
import { format } from 'prettier';

import { compose, imagesSdl, subgraphs, supergraphFile } from '../../../examples/supergraph/compose.ts';
import { subgraphSdl } from '../../../src/graphql/sdl.ts';

const oneOfInputs = [
  'BooleanMatch',
  'DateTimeMatch',
  'ImageSetFilter',
  'StringMatch',
  'StudyDateAndTimeMatch',
  'UidMatch',
];

function oneOfInputsOf(supergraphSdl: string): string[] {
  return parse(supergraphSdl)
    .definitions.filter((definition) => definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    .filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'oneOf'))
    .map(({ name }) => name.value)
    .sort();
}

describe("the subgraph and the example's hospital compose", () => {
  test("with Apollo's composition: no error, no hint, and the filters are still oneOf", () => {
    const { supergraphSdl, hints } = compose(subgraphs());
    expect(hints).toEqual([]);
    expect(oneOfInputsOf(supergraphSdl)).toEqual(oneOfInputs);
  });

  test("with The Guild's composition: no error, and the filters are still oneOf", () => {
    const { errors, supergraphSdl } = composeServices(subgraphs());
    expect(errors).toBeUndefined();
    expect(oneOfInputsOf(supergraphSdl ?? '')).toEqual(oneOfInputs);
  });

  test('into the supergraph that is committed beside the example', async () => {
    const { supergraphSdl } = compose(subgraphs());
    const printed = await format(supergraphSdl, { parser: 'graphql', printWidth: 110 });
    expect(readFileSync(supergraphFile, 'utf8')).toBe(printed);
  });

  test.each([
    ["Apollo's", (services: ReturnType<typeof subgraphs>) => compose(services).supergraphSdl],
    [
      "The Guild's",
      (services: ReturnType<typeof subgraphs>) => composeServices(services).supergraphSdl ?? '',
    ],
  ])(
    '%s composition routes image sets to us, names to the hospital, and patients to both',
    (_title, composed) => {
      const sdl = composed(subgraphs());
      expect(sdl).toMatch(/imageSets\([^)]*\): ImageSetConnection @join__field\(graph: IMAGES\)/);
      expect(sdl).toMatch(/ward: String @join__field\(graph: HOSPITAL\)/);
      expect(sdl).toMatch(
        /type Patient\s+@join__type\(graph: HOSPITAL, key: "id"\)\s+@join__type\(graph: IMAGES, key: "id"\)/,
      );
    },
  );

  test('with the scopes of AUTH_DIRECTIVES=on, by either composition, and without them by default', () => {
    const [, ...others] = subgraphs();
    const typeDefs = parse(subgraphSdl({ scopeDirectives: true }));
    const services = [{ name: 'images', url: 'http://127.0.0.1:4000/', typeDefs }, ...others];
    const guilds = composeServices(services);
    expect([compose(services).hints, guilds.errors]).toEqual([[], undefined]);
    for (const sdl of [compose(services).supergraphSdl, guilds.supergraphSdl]) {
      expect(sdl).toMatch(/metadata: JSONObject[^\n]*@requiresScopes\(/);
    }
    expect(compose(subgraphs()).supergraphSdl).not.toContain('@requiresScopes');
  });

  test('with a third subgraph that has `node` of its own, since ours is left to direct clients', () => {
    const relay = {
      name: 'relay',
      url: 'http://127.0.0.1:4003/',
      typeDefs: parse(`
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
        type Query { node(id: ID!): Node }
        interface Node { id: ID! }
        type Ward implements Node @key(fields: "id") { id: ID! beds: WardConnection! }
        type WardConnection { pageInfo: PageInfo! }
        type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
      `),
    };
    const services = [...subgraphs(), relay];
    const described = new Set(['INCONSISTENT_DESCRIPTION']);
    expect(compose(services).hints.filter(({ definition }) => !described.has(definition.code))).toEqual([]);
    expect(composeServices(services).errors).toBeUndefined();
  });
});

test('`npm run schema` prints the SDL that gateways read from `_service`', () => {
  expect(imagesSdl()).toBe(subgraphSdl());
});
