import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
const gateways: Record<string, TestGateway> = {};

beforeAll(async () => {
  local = await withLocal();
  for (const environment of ['development', 'production']) {
    gateways[environment] = await startTestGateway({
      endpoint: local.url,
      datastoreIds: [local.datastoreId],
      environment: { NODE_ENV: environment },
    });
  }
});
afterAll(async () => {
  for (const gateway of Object.values(gateways)) await gateway[Symbol.asyncDispose]();
  await local.close();
});

const long = 'n'.repeat(20_000);
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const search = 'query ($filter: ImageSetFilter) { imageSets(filter: $filter) { nodes { id } } }';

function nested(depth: number): unknown {
  let filter: unknown = { patientId: { equal: 5 } };
  for (let level = 0; level < depth; level += 1) filter = { and: [filter] };
  return filter;
}

const bodies: readonly (readonly [string, string, Record<string, unknown>?])[] = [
  [
    '20 KB of wrong variables',
    search,
    { filter: { and: Array.from({ length: 900 }, () => ({ patientId: { equal: 5 } })) } },
  ],
  ['20 KB of wrong lists', search, { filter: { and: Array.from({ length: 9_000 }, () => 7) } }],
  ['a deep variable', search, { filter: nested(1_500) }],
  ['a long key in the variables', search, { filter: { [long]: 1 } }],
  ['a long variable name', `query ($${long}: Int!) { imageSets(first: $${long}) { nodes { id } } }`],
  [
    'a variable with a long name that is wrong',
    `query ($${long}: Int!) { imageSets(first: $${long}) { nodes { id } } }`,
    { [long]: 'x' },
  ],
  ['a long field', `{ ${long} }`],
  ['a long argument', `{ imageSets(${long}: 1) { nodes { id } } }`],
  ['a long enum value', `{ imageSets(sort: { field: ${long} }) { nodes { id } } }`],
  ['a long type', `query ($a: ${long}) { imageSets(filter: $a) { nodes { id } } }`],
  ['a long fragment', `{ ...${long} }`],
  ['a long operation name', `query ${long} { nothing } query ${long} { nothing }`],
  ['a long directive', `{ imageSets @${long} { nodes { id } } }`],
  ['many wrong fields', `{ ${times(300, (index) => `wrong${index}`)} }`],
  ['many wrong fields of long names', `{ ${times(100, (index) => `${'w'.repeat(1_000)}${index}`)} }`],
  [
    'many wrong filters',
    `{ ${times(12, (index) => `a${index}: imageSets(filter: { x: 1 }) { nodes { id } }`)} }`,
  ],
  ['many conflicts', `{ ${times(150, (index) => `a: imageSets(first: ${index}) { nodes { id } }`)} }`],
  [
    'many unknown variables',
    `{ ${times(60, (index) => `a${index}: imageSets(first: $v${index}) { nodes { id } }`)} }`,
  ],
  ['a long text where it ends no string', `{ imageSets(after: "${long}`],
  ['too many tokens', `{ ${times(2_000, () => 'id')} }`],
  ['a deep document', `${'{a'.repeat(400)}${'}'.repeat(400)}`],
  ['a name of an operation that is not there', '{ __typename }'],
];

describe.each(['development', 'production'])('every refusal is under 2 KB in %s', (environment) => {
  test.each(bodies.map((each) => [each[0], each] as const))('%s', async (_title, [, query, variables]) => {
    const response = await fetch(gateways[environment]?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query,
        variables,
        ...(variables === undefined && query === '{ __typename }' && { operationName: long }),
      }),
    });
    const text = await response.text();
    const reply = JSON.parse(text) as { data?: unknown; errors: unknown[] };
    expect([reply.data, reply.errors.length > 0, Buffer.byteLength(text) < 2_048]).toEqual([
      undefined,
      true,
      true,
    ]);
  });
});
