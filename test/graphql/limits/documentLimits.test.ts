import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';

import { captureLog } from '../../support/capturedLog.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway, type GraphqlAnswer, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal({ imageSets: manyImageSets(5) });
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId] });
  // Not measured: the first request loads and compiles what all others use.
  await gateway.query('{ datastore { id } }');
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});
beforeEach(() => {
  upstream.take();
});

/** `{ imageSets { nodes { datastore { imageSets ... } } } }` of this many levels of fields. */
function nested(levels: number): string {
  const names = ['imageSets(first: 1)', 'nodes', 'datastore'];
  const open = Array.from({ length: levels - 1 }, (_, level) => `${names[level % 3] ?? ''} { `);
  return `{ ${open.join('')} __typename ${'} '.repeat(levels - 1)} }`;
}

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const bomb = (levels: number) =>
  `{ ...f0 } ${many(levels, (level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`)}
   fragment f${levels} on Query { __typename }`;

const first = ({ body }: GraphqlAnswer) => ({
  code: body.errors?.[0]?.extensions.code,
  message: body.errors?.[0]?.message,
});

const exceeded = (message: string) => ({ code: 'OPERATION_LIMIT_EXCEEDED', message });

const typeReference = (levels: number) => `${'ofType { '.repeat(levels)} name ${'} '.repeat(levels)}`;

describe('each limit lets a document at its bound pass and refuses one beyond it', () => {
  test.each<[string, number, (count: number) => string, string]>([
    ['levels of fields', 10, nested, 'Expected at most 10 levels of fields.'],
    [
      'aliases',
      15,
      (count) => `{ datastore { ${many(count, (n) => `a${n}: id`)} } }`,
      'Expected at most 15 aliases.',
    ],
    [
      'aliases in a fragment that is spread thrice',
      5,
      (count) =>
        `{ datastore { ...F ...F ...F } } fragment F on Datastore { ${many(count, (n) => `a${n}: id`)} }`,
      'Expected at most 15 aliases.',
    ],
    [
      'root fields',
      5,
      (count) => `{ __typename ${many(count, () => 'datastore { id }')} }`,
      'Expected at most 5 root fields.',
    ],
    [
      'directives',
      20,
      (count) => `{ datastore { ${many(count, () => 'id @include(if: true)')} } }`,
      'Expected at most 20 directives.',
    ],
    [
      'tokens',
      1_000,
      (count) =>
        `{ _entities(representations: [{ __typename: "Patient", id: "x", more: [${many(count - 24, () => '1')}] }]) { __typename } }`,
      'Expected at most 1000 lexical tokens.',
    ],
    [
      'selections, those of fragments counted at every spread: 981 and',
      19,
      // The data store, ten spreads of one fragment with 97 selections, and these.
      (count) =>
        `{ datastore { ${many(10, () => '...F')} ${many(count, () => 'id')} } } fragment F on Datastore { ${'... { '.repeat(96)} id ${'} '.repeat(96)} }`,
      'Expected at most 1000 selections, those of fragments counted at every spread.',
    ],
    [
      'levels of introspection',
      15,
      (count) => `{ __schema { types { fields { type { ${typeReference(count - 5)} } } } } }`,
      'Expected at most 15 levels of introspection.',
    ],
    [
      'lists of members within introspection',
      1,
      (count) =>
        `{ __type(name: "Query") { ${'fields { type { '.repeat(count)} name ${'} } '.repeat(count)} } }`,
      'Expected introspection that lists the members of a type once, not those of their types.',
    ],
    [
      'aliases within introspection',
      0,
      (count) => `{ __schema { ${many(count, (n) => `a${n}: types { name }`)} description } }`,
      'Expected introspection without aliases below __schema and __type.',
    ],
  ])('%s: %i', async (_title, bound, document, message) => {
    const within = await gateway.query(document(bound));
    expect({ status: within.status, errors: within.body.errors }).toEqual({ status: 200, errors: undefined });
    upstream.take();
    const beyond = await gateway.query(document(bound + 1));
    expect(first(beyond)).toEqual(exceeded(message));
    expect(upstream.take()).toEqual([]);
  });

  test('cost: 1000', async () => {
    const within = await gateway.query(
      '{ imageSets(first: 500) { nodes { id } } datastores(first: 49) { nodes { id } } }',
    );
    expect(within.body.errors).toBeUndefined();
    upstream.take();
    const beyond = await gateway.query(
      '{ imageSets(first: 500) { nodes { id } } datastores(first: 50) { nodes { id } } }',
    );
    expect(first(beyond)).toEqual({
      code: 'COST_ESTIMATED_TOO_EXPENSIVE',
      message: 'Expected a cost of at most 1000. Ask for fewer rows, or for less of each.',
    });
    expect(upstream.take()).toEqual([]);
  });

  test('a refusal has the status 400 where the client accepts GraphQL’s own media type', async () => {
    const { status } = await gateway.query(nested(11), {}, { accept: 'application/graphql-response+json' });
    expect(status).toBe(400);
  });

  test('the introspection query of graphql-js, which tools send, passes', async () => {
    const { body } = await gateway.query(
      getIntrospectionQuery({
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    );
    expect(body.errors).toBeUndefined();
  });
});

const limitExceeded = 'OPERATION_LIMIT_EXCEEDED';
const tooExpensive = 'COST_ESTIMATED_TOO_EXPENSIVE';

describe('hostile documents', () => {
  test.each<[string, string, string, Readonly<Record<string, unknown>>?]>([
    ['deep nesting', nested(300), limitExceeded],
    ['aliases', `{ ${many(90, (n) => `a${n}: imageSets(first: 500) { nodes { id } }`)} }`, limitExceeded],
    ['tokens', `{ datastore { ${many(80_000, () => 'id')} } }`, limitExceeded],
    ['a fragment bomb', bomb(100), limitExceeded],
    [
      'a fragment cycle',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['directives', `{ datastore { id ${many(190, () => '@skip(if: false)')} } }`, limitExceeded],
    ['overlapping fields', `{ imageSets { ${many(240, () => 'nodes { id }')} } }`, limitExceeded],
    [
      'overlapping fields of one name',
      `{ imageSets { nodes { ${many(980, () => 'id')} } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'wide introspection',
      `{ __schema { ${many(90, (n) => `a${n}: types { name fields { name } }`)} } }`,
      limitExceeded,
    ],
    [
      'circular introspection',
      `{ __schema { types { ${'fields { type { '.repeat(30)} name ${'} } '.repeat(30)} } } }`,
      limitExceeded,
    ],
    ['many root fields', `{ ${many(140, () => 'imageSets { nodes { id } }')} }`, limitExceeded],
    ['a huge page', '{ imageSets(first: 2147483647) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['a negative page', '{ imageSets(first: -2147483648) { nodes { metadata } } }', 'BAD_USER_INPUT'],
    [
      'a huge list',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      'BAD_USER_INPUT',
      { ids: Array.from({ length: 10_000 }, () => 'a') },
    ],
    [
      'a huge filter',
      'query ($filter: ImageSetFilter) { imageSets(filter: $filter) { nodes { id } } }',
      tooExpensive,
      { filter: { and: Array.from({ length: 1_000 }, () => ({ patientId: { equal: 'a' } })) } },
    ],
    [
      'a huge text',
      'query ($text: String!) { imageSets(filter: { patientId: { equal: $text } }) { nodes { id } } }',
      'BAD_USER_INPUT',
      { text: 'x'.repeat(200_000) },
    ],
  ])(
    '%s: refused in less than 2 KB and a second, and nothing is asked upstream',
    async (_title, ...[document, code, variables]) => {
      const times: number[] = [];
      // The best of five: the machine may be busy with other tests.
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const start = performance.now();
        const answer = await gateway.query(document, variables);
        times.push(performance.now() - start);
        expect(first(answer).code).toBe(code);
        expect(JSON.stringify(answer.body).length).toBeLessThan(2_048);
        expect(Object.values(answer.body.data ?? {}).every((value) => value === null)).toBe(true);
      }
      expect(Math.min(...times)).toBeLessThan(1_000);
      expect(upstream.take()).toEqual([]);
    },
  );
});

test('LIMIT_MODE=warn lets operations pass, and counts and logs each by the name of the limit alone', async () => {
  const { log, lines, text } = captureLog();
  await using lenient = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { LIMIT_MODE: 'warn', LIMIT_DEPTH: '2', LIMIT_COST: '20', LIMIT_TOKENS: '20' },
    log,
  });
  const secret = 'SECRET-ALIAS';
  const documents = [
    ['depth', '{ imageSets(first: 1) { nodes { id } } }'],
    ['cost', `query ${secret.replace('-', '_')} { imageSets(first: 11) { __typename } }`],
    ['tokens', '{ datastore { id id id id id id id id id id id id id id id id } }'],
  ] as const;
  for (const [, document] of documents) {
    for (let time = 0; time < 2; time += 1)
      expect((await lenient.query(document)).body.errors).toBeUndefined();
  }
  const metrics = await (await fetch(new URL('/metrics', lenient.url))).text();
  for (const [limit] of documents) {
    expect(metrics).toContain(
      `healthimaging_graphql_limit_exceeded_total{limit="${limit}",outcome="passed"} 2`,
    );
  }
  const warned = lines().filter(({ msg }) => String(msg).includes('LIMIT_MODE'));
  expect(warned.map((line) => Object.keys(line).sort())).toEqual(
    Array.from({ length: 6 }, () => ['level', 'limit', 'msg', 'requestId', 'time']),
  );
  expect(text()).not.toContain('SECRET');
});
