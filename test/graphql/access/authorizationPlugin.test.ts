import type { GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { describe, expect, test } from '@jest/globals';
import { buildSchema as parseSchema, GraphQLError, Kind, parse } from 'graphql';

import { GatewayError } from '../../../src/errors.ts';
import { authorizationPlugin } from '../../../src/graphql/access/authorizationPlugin.ts';
import type { RequestContext } from '../../../src/graphql/context.ts';

const schema = parseSchema(`
  type Query { imageSets: ImageSetConnection, imageSet: ImageSet, datastore: Datastore, _service: String }
  type ImageSetConnection { nodes: [ImageSet] }
  type ImageSet { id: ID, metadata: String }
  type Datastore { id: ID, imageSets: ImageSetConnection }
`);

type Context = GraphQLRequestContextDidResolveOperation<RequestContext>;

/** The error that an operation is refused with; undefined when it is not refused. */
async function refusal(
  source: string,
  [search, read]: readonly [boolean, boolean],
  name?: string,
): Promise<unknown> {
  const document = parse(source);
  const operation = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
  );
  // The part of a request that the plugin looks at.
  const request = { schema, document, operation, contextValue: { principal: { grant: { search, read } } } };
  const context = request as unknown as Context;
  const listener = await authorizationPlugin.requestDidStart?.(context);
  try {
    await listener?.didResolveOperation?.(context);
    return undefined;
  } catch (error) {
    return error;
  }
}

const grants = {
  search: [true, false],
  read: [false, true],
  both: [true, true],
  none: [false, false],
} as const;

describe('an operation as a whole goes on with a grant for', () => {
  test.each<[string, string]>([
    ['{ imageSets { nodes { id } } }', 'search both'],
    ['{ imageSet { id } }', 'read both'],
    ['{ imageSets { nodes { metadata } } }', 'both'],
    ['{ a: imageSet { id } b: imageSets { nodes { id } } }', 'both'],
    ['{ datastore { id } }', 'search read both'],
    ['{ datastore { imageSets { nodes { id } } } }', 'search both'],
    ['{ __typename _service nothing }', 'search read both none'],
    ['{ ...F } fragment F on Query { imageSet { id } }', 'read both'],
    [
      '{ ...F } fragment F on Query { ...G } fragment G on Query { datastore { ...H } } fragment H on Datastore { imageSets { nodes { id } } }',
      'search both',
    ],
    ['{ ...F ...F } fragment F on Query { imageSet { id } ...F }', 'read both'],
    ['{ ...F }', 'search read both none'],
    ['{ _service } fragment F on Query { imageSet { id } }', 'search read both none'],
    ['{ _service } query Other { imageSet { id } }', 'search read both none'],
    ['{ ... on Query { imageSets { nodes { ... { metadata } } } } }', 'both'],
  ])('%s: %s', async (source, expected) => {
    const passed: string[] = [];
    for (const [name, grant] of Object.entries(grants)) {
      if ((await refusal(source, grant)) === undefined) passed.push(name);
    }
    expect(passed.join(' ')).toBe(expected);
  });

  test('and a document without the operation is left to Apollo Server', async () => {
    expect(await refusal('{ imageSets { nodes { id } } }', grants.none, 'Nothing')).toBeUndefined();
  });
});

test('the refusal has the status 403 and names a scope that is missing, as RFC 6750 says', async () => {
  const error = await refusal('{ imageSet { id } }', grants.search);
  if (!(error instanceof GraphQLError)) throw new TypeError('expected an error of GraphQL');
  const extensions: Readonly<Record<string, unknown>> = error.extensions;
  const http = extensions['http'] as { status: number; headers: Map<string, string> };
  expect([http.status, ...http.headers]).toEqual([
    403,
    [
      'www-authenticate',
      'Bearer realm="healthimaging-graphql", error="insufficient_scope", scope="user/ImagingStudy.rs"',
    ],
  ]);
  expect(error.message).toBe(
    'The access token does not grant this. Expected a scope such as user/ImagingStudy.rs.',
  );
  expect(error.originalError).toBeInstanceOf(GatewayError);
  expect(error.originalError).toHaveProperty('code', 'FORBIDDEN');
});
