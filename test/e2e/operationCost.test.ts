import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { encodeGlobalId } from '../../src/graphql/resolvers/globalId.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../support/gateway/withLocal.ts';
import { randomOperation } from '../support/randomOperation.ts';

const operations = 5_000;
const atOnce = 50;

let local: Local;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(12) });
  gateway = await startTestGateway({
    endpoint: local.url,
    datastoreIds: [local.datastoreId],
    // All of them are to be executed.
    environment: {
      LIMIT_COST: '1000000',
      LIMIT_ALIASES: '10000',
      LIMIT_DIRECTIVES: '10000',
      LIMIT_DEPTH: '1000',
      LIMIT_ROOT_FIELDS: '1000',
      LIMIT_TOKENS: '100000',
    },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await local.close();
});

interface Costs {
  readonly requested: number;
  readonly actual: number;
}

test('the static cost of an operation is never below what its answer did cost', async () => {
  const { body } = await gateway.query('{ imageSets(first: 3) { nodes { imageSetId } } }');
  const { nodes } = (body.data as unknown as { imageSets: { nodes: { imageSetId: string }[] } }).imageSets;
  const { datastoreId } = local;
  const absent = 'a'.repeat(32);
  const imageSetIds = [...nodes.map(({ imageSetId }) => imageSetId), absent];
  const ids = [
    ...imageSetIds.map((imageSetId) => encodeGlobalId({ type: 'ImageSet', datastoreId, imageSetId })),
    encodeGlobalId({ type: 'Datastore', datastoreId }),
    'nonsense',
  ];
  const representations = [
    ...ids.map((id) => ({ __typename: 'ImageSet', id })),
    { __typename: 'Datastore', datastoreId },
    { __typename: 'Patient', id: 'PATIENT-1' },
    { __typename: 'ImagingStudy', instanceUid: '1.2.3' },
    { __typename: 'ImagingSeries', instanceUid: '1.2.3' },
    { __typename: 'Nothing' },
    7,
  ];
  const operation = randomOperation(buildSchema({ scopeDirectives: false }), {
    first: [-1, 0, 1, 2, 5, 20, 501, null],
    after: ['nonsense', null],
    datastoreId: [datastoreId, absent, null],
    imageSetId: imageSetIds,
    version: [1, 2, 0, null],
    filter: [null, { isPrimary: { equal: true } }, { and: [{ patientId: { equal: 'x' } }] }],
    sort: [null, {}, { field: 'CREATED_AT' }],
    id: ids,
    ids: [[], ids, ids.slice(0, 1), Array.from({ length: 101 }, () => absent)],
    representations: [[], representations, representations.slice(-5)],
  });
  const seed = 20_261_124;
  const drawn = fc.sample(operation, { seed, numRuns: operations });
  const costs: Costs[] = [];
  for (let start = 0; start < operations; start += atOnce) {
    const answers = drawn.slice(start, start + atOnce).map(async ({ query, variables }) => {
      const answer = await gateway.query(query, variables, { 'x-graphql-cost': '1' });
      const { extensions } = answer.body as { extensions?: { cost: Costs } };
      if (extensions === undefined) throw new Error(`${query} ${JSON.stringify(answer.body.errors)}`);
      return extensions.cost;
    });
    costs.push(...(await Promise.all(answers)));
  }
  const below = costs.flatMap(({ requested, actual }, index) => (actual > requested ? [drawn[index]] : []));
  expect({ seed, below }).toEqual({ seed, below: [] });
  // Neither are all of them empty, nor is the estimate without use.
  expect(costs.filter(({ actual }) => actual > 0).length).toBeGreaterThan(operations / 4);
  expect(costs.filter(({ requested, actual }) => actual === requested && actual > 0).length).toBeGreaterThan(
    100,
  );
}, 300_000);
