import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { captureLog } from '../../support/capturedLog.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(3) });
});

afterAll(async () => {
  await local.close();
});

const media = ['application/json', 'application/graphql-response+json'] as const;

interface Told {
  readonly status: number;
  readonly codes: readonly unknown[];
}

async function send(url: string, body: string, accept: string): Promise<Told> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body,
  });
  const text = await response.text();
  const { errors = [] } = JSON.parse(text) as GraphqlResult;
  return { status: response.status, codes: errors.map(({ extensions }) => extensions.code) };
}

const nested = (depth: number, open: string, close: string, core = '') =>
  open.repeat(depth) + core + close.repeat(depth);

/** The body of a request as text: what is nested too deep for JSON.stringify goes in as it is. */
const bodyOf = (query: string, variables = '{}', more = '') =>
  `{"query":${JSON.stringify(query)},"variables":${variables}${more}}`;

const all =
  'query ($filter: ImageSetFilter) { imageSets(filter: $filter, first: 1) { nodes { imageSetId } } }';
const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
const depths = [100, 1_300, 20_000, 60_000];

/** A request, the code that it is answered with, if any, and its status as JSON and as GraphQL's own media type. */
type Case = readonly [what: string, body: string, code: string | undefined, json: number, graphql: number];

const answered = (what: string, body: string): Case => [what, body, undefined, 200, 200];
const refused = (what: string, body: string, code: string): Case => [what, body, code, 200, 400];
const malformed = (what: string, body: string): Case => [what, body, 'BAD_REQUEST', 400, 400];

const nestedVariables = depths.flatMap((depth) => [
  refused(
    `${depth} lists in a variable`,
    bodyOf(all, `{"filter":${nested(depth, '[', ']')}}`),
    'BAD_USER_INPUT',
  ),
  refused(
    `${depth / 2} objects in a variable`,
    bodyOf(all, `{"filter":${nested(depth / 2, '{"a":', '}', '1')}}`),
    'BAD_USER_INPUT',
  ),
  refused(
    `${depth} lists in a representation`,
    bodyOf(entities, `{"r":[{"__typename":"Patient","id":"x","a":${nested(depth, '[', ']')}}]}`),
    'BAD_USER_INPUT',
  ),
  answered(
    `${depth} lists in a variable that is not used`,
    bodyOf('{ __typename }', `{"a":${nested(depth, '[', ']')}}`),
  ),
  answered(
    `${depth} lists in extensions`,
    bodyOf('{ __typename }', '{}', `,"extensions":{"a":${nested(depth, '[', ']')}}`),
  ),
]);

const nestedConditions = depths
  .slice(1)
  .map((depth) =>
    refused(
      `${depth / 4} conditions within each other`,
      bodyOf(all, `{"filter":${nested(depth / 4, '{"and":[', ']}', '{"isPrimary":{"equal":true}}')}}`),
      'BAD_USER_INPUT',
    ),
  );

const nestedDocuments = [
  refused('100 selections within each other', bodyOf(nested(100, '{ a ', '}')), 'OPERATION_LIMIT_EXCEEDED'),
  ...[300, 5_000, 30_000].flatMap((depth) => [
    refused(
      `${depth} lists in a literal`,
      bodyOf(`{ imageSets(filter: ${nested(depth, '[', ']')}) { nodes { id } } }`),
      '?',
    ),
    refused(
      `${depth} objects in a literal`,
      bodyOf(`{ imageSets(filter: ${nested(depth, '{and:', '}', '1')}) { nodes { id } } }`),
      '?',
    ),
    refused(`${depth} selections within each other`, bodyOf(nested(depth, '{ a ', '}')), '?'),
    refused(`${depth} lists of a type`, bodyOf(`query ($a: ${nested(depth, '[', ']', 'Int')}) { a }`), '?'),
    refused(
      `${depth} lists in a representation in a literal`,
      bodyOf(`{ _entities(representations: ${nested(depth, '[', ']')}) { a } }`),
      '?',
    ),
  ]),
];

const kinds = [
  refused('a mutation', bodyOf('mutation { deleteImageSet }'), 'OPERATION_RESOLUTION_FAILURE'),
  refused('a subscription', bodyOf('subscription S { imageSets }'), 'OPERATION_RESOLUTION_FAILURE'),
  refused(
    'one of two operations, a mutation',
    bodyOf('mutation M { a } query Q { __typename }', '{}', ',"operationName":"M"'),
    'OPERATION_RESOLUTION_FAILURE',
  ),
  refused(
    'an unknown operation',
    bodyOf('query Q { __typename }', '{}', ',"operationName":"R"'),
    'OPERATION_RESOLUTION_FAILURE',
  ),
  refused(
    'none of two operations',
    bodyOf('query Q { __typename } query R { __typename }'),
    'OPERATION_RESOLUTION_FAILURE',
  ),
  answered('an operation name that is empty', bodyOf('query Q { __typename }', '{}', ',"operationName":""')),
  refused(
    'a persisted query that is not known',
    `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
    'PERSISTED_QUERY_NOT_FOUND',
  ),
];

const oddValues = [
  refused(
    'a null variable in @include',
    bodyOf('query ($x: Boolean!) { __typename @include(if: $x) }', '{"x":null}'),
    'BAD_USER_INPUT',
  ),
  refused(
    'no variable in @skip',
    bodyOf('query ($x: Boolean!) { __typename @skip(if: $x) }'),
    'BAD_USER_INPUT',
  ),
  [
    'a null variable with a default in @include',
    bodyOf(
      'query ($x: Boolean = true) { imageSets(first: 1) @include(if: $x) { nodes { id } } }',
      '{"x":null}',
    ),
    'BAD_USER_INPUT',
    200,
    200,
  ],
  [
    'a null variable with a default in @skip of a fragment',
    bodyOf(
      'query ($x: Boolean = true) { imageSets(first: 1) { ...F @skip(if: $x) } } fragment F on ImageSetConnection { nodes { id } }',
      '{"x":null}',
    ),
    'BAD_USER_INPUT',
    200,
    200,
  ],
  refused(
    'a number beyond all numbers',
    bodyOf('query ($x: Int) { imageSets(first: $x) { nodes { id } } }', '{"x":1e400}'),
    'BAD_USER_INPUT',
  ),
  refused(
    'the year 275761',
    bodyOf(
      'query ($x: DateTime!) { imageSets(filter: { createdAt: { equal: $x } }) { nodes { id } } }',
      '{"x":"275761-01-01T00:00:00Z"}',
    ),
    'BAD_USER_INPUT',
  ),
  refused(
    'an unknown member called constructor',
    bodyOf(all, '{"filter":{"constructor":{"equal":1}}}'),
    'BAD_USER_INPUT',
  ),
  malformed('a member called __proto__', bodyOf(all, '{"filter":{"__proto__":{"equal":1}}}')),
  malformed('variables that are a list', bodyOf('{ __typename }', '[]')),
  malformed('an operation name that is a number', bodyOf('{ __typename }', '{}', ',"operationName":5')),
  malformed('null', 'null'),
  malformed('a list of operations', '[{"query":"{ __typename }"}]'),
  malformed('nothing', ''),
  malformed('a query that is a number', '{"query":5}'),
] satisfies Case[];

describe.each([
  ['enforced', { LIMIT_MODE: undefined }],
  ['wide', { LIMIT_TOKENS: '100000', LIMIT_MODE: undefined }],
  ['only warned of', { LIMIT_MODE: 'warn' }],
])(
  'with limits %s, a client is told of its mistake, and the operator of nothing:',
  (_limits, environment) => {
    let gateway: TestGateway;
    const captured = captureLog();

    beforeAll(async () => {
      const datastoreIds = [local.datastoreId] as const;
      gateway = await startTestGateway({ endpoint: local.url, datastoreIds, log: captured.log, environment });
    });

    afterAll(async () => {
      await gateway[Symbol.asyncDispose]();
    });

    test.each<Case>([...nestedVariables, ...nestedConditions, ...nestedDocuments, ...kinds, ...oddValues])(
      '%s',
      async (_what, body, code, json, graphql) => {
        captured.clear();
        const answers = [await send(gateway.url, body, media[0]), await send(gateway.url, body, media[1])];
        expect(answers.map(({ status }) => status)).toEqual([json, graphql]);
        for (const { codes } of answers) {
          expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
          if (code === '?') expect(codes.length).toBeGreaterThan(0);
          else if (code !== 'OPERATION_LIMIT_EXCEEDED' || environment.LIMIT_MODE === undefined)
            expect(codes[0]).toBe(code);
        }
        expect(captured.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
      },
    );
  },
);
