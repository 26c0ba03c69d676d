import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(20) });
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    // 50 paths take some 2000 tokens, and 1000 patients cost 1 each.
    environment: { LIMIT_TOKENS: '3000', LIMIT_COST: '1100' },
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

const patients = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ __typename: 'Patient', id: `PATIENT-${index}` }));

/** As Hive Gateway sends what it needs at several paths: `_entities` of each under an alias, in one operation. */
function gathered(count: number) {
  const names = Array.from({ length: count }, (_, index) => index);
  const variables = Object.fromEntries(names.map((index) => [`_v${index}_representations`, patients(1)]));
  const definitions = names.map((index) => `$_v${index}_representations: [_Any!]!`).join(', ');
  const fields = names.map(
    (index) =>
      `_v${index}: _entities(representations: $_v${index}_representations) { __typename ... on Patient { id } }`,
  );
  return [`query (${definitions}) { ${fields.join(' ')} }`, variables] as const;
}

describe('a router', () => {
  test.each([1, 6, 50])(
    'is answered for %i paths whose entities it gathers in one operation',
    async (count) => {
      const { body } = await gateway.query(...gathered(count));
      expect([body.errors, Object.keys(body.data ?? {}).length]).toEqual([undefined, count]);
    },
  );

  test('is refused for 51', async () => {
    const { body } = await gateway.query(...gathered(51));
    expect(body.errors?.map(({ message }) => message)).toEqual(['Expected at most 50 _entities.']);
  });

  test('has 1000 representations in an operation, however it divides them', async () => {
    const document = `query ($a: [_Any!]!, $b: [_Any!]!) {
      a: _entities(representations: $a) { __typename }
      b: _entities(representations: $b) { __typename }
    }`;
    for (const [count, errors] of [
      [500, undefined],
      [501, ['representations: expected at most 1000 of them.']],
    ] as const) {
      const { body } = await gateway.query(document, { a: patients(500), b: patients(count) });
      expect(body.errors?.map(({ message }) => message)).toEqual(errors);
    }
  });
});

/** What tools ask before they introspect, to find out what the server's introspection knows. */
const probes = {
  'Apollo Kotlin': `query PreIntrospectionQuery {
    schema: __type(name: "__Schema") { ...F } type: __type(name: "__Type") { ...F }
    directive: __type(name: "__Directive") { ...F } field: __type(name: "__Field") { ...F }
    inputValue: __type(name: "__InputValue") { ...F }
  } fragment F on __Type { name fields(includeDeprecated: true) { name args { name } } }`,
  'gql.tada': `query IntrospectionSupport {
    directive: __type(name: "__Directive") { __typename fields { __typename name args { name } } }
    field: __type(name: "__Field") { __typename fields { __typename name args { name } } }
    type: __type(name: "__Type") { __typename fields { __typename name args { name } } }
    inputValue: __type(name: "__InputValue") { __typename fields { __typename name } }
  }`,
  'Hot Chocolate': `query introspection_phase_1 {
    schema: __type(name: "__Schema") { name fields { name type { name kind ofType { name kind } } } }
    directive: __type(name: "__Directive") { t: __typename name fields { t: __typename name } }
  }`,
};

describe('a probe of introspection', () => {
  test.each(Object.entries(probes))('by %s is answered', async (_tool, document) => {
    const { body } = await gateway.query(document);
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).toContain('"isRepeatable"');
  });
});

test('aliases of __typename in introspection are bounded with it', async () => {
  const types = Array.from(
    { length: 5 },
    (_, type) => `t${type}: __type(name: "Query") { a${type}: __typename b: __typename c: __typename name }`,
  );
  const { body } = await gateway.query(`{ ${types.join(' ')} }`);
  expect(body.errors).toBeUndefined();
});

describe('a number of rows that is out of range', () => {
  test.each([100_000, 501, 0, -1])('is told by its range, not by its cost: %i', async (first) => {
    for (const document of [
      `{ imageSets(first: ${first}) { nodes { imageSetId metadata } } }`,
      `{ datastores(first: ${first}) { nodes { datastoreId } } }`,
      `{ datastore { imageSets(first: ${first}) { edges { cursor } } } }`,
    ]) {
      const { body } = await gateway.query(document);
      expect(body.errors?.map(({ message }) => message)).toEqual([
        'first: expected a whole number from 1 to 500.',
      ]);
    }
    const { body } = await gateway.query(
      'query ($first: Int) { imageSets(first: $first) { nodes { versions(first: 500) { nodes { id: versionId } } } } }',
      { first },
    );
    expect(body.errors?.map(({ message }) => message)).toEqual([
      'first: expected a whole number from 1 to 500.',
    ]);
  });
});
