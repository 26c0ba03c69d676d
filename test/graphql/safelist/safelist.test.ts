import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ConfigError } from '../../../src/config/config.ts';
import { graphUrl, startCli } from '../../support/process/cli.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../../support/gateway/testGateway.ts';
import { manyImageSets, withLocal, type Local } from '../../support/gateway/withLocal.ts';

// Printed as Apollo Client's link does, and as `generate-persisted-query-manifest` 1.3 writes them.
const latest =
  'query Latest($first: Int) {\n  imageSets(first: $first) {\n    nodes {\n      ...Row\n    }\n  }\n}\n\nfragment Row on ImageSet {\n  imageSetId\n  __typename\n}';
const names = 'query Names {\n  __typename\n}';
const operation = (name: string, body: string) => ({ id: hash('sha256', body), name, type: 'query', body });
const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    operation('Latest', latest),
    { ...operation('Names', names), id: 'custom-id', clientName: null },
  ],
};
const latestId = hash('sha256', latest);

let directory: string;
let local: Local;
let enforced: TestGateway;
let audited: TestGateway;
let open: TestGateway;

async function written(name: string, content: unknown): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function start(environment: Record<string, string>): Promise<TestGateway> {
  return startTestGateway({ endpoint: local.url, datastoreIds: [local.datastoreId], environment });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'safelist-'));
  local = await withLocal({ imageSets: manyImageSets(3) });
  const SAFELIST_MANIFEST = await written('manifest.json', manifest);
  enforced = await start({ SAFELIST_MODE: 'enforce', SAFELIST_MANIFEST });
  audited = await start({ SAFELIST_MODE: 'audit', SAFELIST_MANIFEST });
  open = await start({});
});
afterAll(async () => {
  for (const gateway of [enforced, audited, open]) await gateway[Symbol.asyncDispose]();
  await local.close();
  await rm(directory, { recursive: true });
});

async function post(gateway: TestGateway, body: object): Promise<{ status: number; body: GraphqlResult }> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as GraphqlResult };
}

async function get(gateway: TestGateway, parameters: Record<string, string>) {
  const response = await fetch(`${gateway.url}?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  return { status: response.status, body: (await response.json()) as GraphqlResult };
}

const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

const rows = (count: number) => ({
  status: 200,
  body: {
    data: {
      imageSets: {
        nodes: Array.from({ length: count }, () => ({
          imageSetId: expect.any(String),
          __typename: 'ImageSet',
        })),
      },
    },
  },
});

const refused = {
  status: 400,
  body: {
    errors: [
      {
        message: 'Expected one of the operations that are registered with this graph.',
        extensions: { code: 'QUERY_NOT_IN_SAFELIST', retryable: false, requestId: expect.any(String) },
      },
    ],
  },
};

async function unregistered({ gateway }: TestGateway): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(/^healthimaging_graphql_unregistered_operations_total (\d+)/m.exec(text)?.[1]);
}

test('only names of registered operations are labels of metrics', async () => {
  await post(audited, { ...persisted(latestId), variables: { first: 1 } });
  await post(audited, { query: 'query Sample_Ada { __typename }' });
  const text = await (await fetch(`${audited.gateway.url}/metrics`)).text();
  const labels = [...text.matchAll(/operation_seconds_count\{operation="(\w*)"\}/g)].map(
    ([, label]) => label,
  );
  expect(labels.toSorted()).toEqual(['Latest', 'other']);
});

describe('a registered operation is answered in mode enforce', () => {
  const variables = { first: 2 };
  const reordered =
    '# the fragment first\nfragment Row on ImageSet { imageSetId, __typename } query Latest($first: Int) { imageSets(first: $first) { nodes { ...Row } } }';

  test.each([
    ['by its id, as Apollo Client sends it', { ...persisted(latestId), variables }],
    [
      'by its id, with the name of the operation',
      { ...persisted(latestId), variables, operationName: 'Latest' },
    ],
    ['by documentId of GraphQL over HTTP', { documentId: `sha256:${latestId}`, variables }],
    ['by its body', { query: latest, variables }],
    ['by its body and id', { query: latest, ...persisted(latestId), variables }],
    ['by its body in other white space and order of definitions', { query: reordered, variables }],
  ])('%s', async (_title, body) => {
    expect(await post(enforced, body)).toEqual(rows(2));
  });

  test('by its id over GET, in both forms', async () => {
    const extensions = JSON.stringify(persisted(latestId).extensions);
    expect(await get(enforced, { extensions, variables: '{"first":2}' })).toEqual(rows(2));
    expect(await get(enforced, { documentId: `sha256:${latestId}`, variables: '{"first":2}' })).toEqual(
      rows(2),
    );
  });

  test('by an id that is no hash', async () => {
    const { body } = await post(enforced, persisted('custom-id'));
    expect(body).toEqual({ data: { __typename: 'Query' } });
  });

  test('and its variables are still checked', async () => {
    const { body } = await post(enforced, { ...persisted(latestId), variables: { first: 'x' } });
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('anything else is refused in mode enforce, before it is parsed or validated', () => {
  const other = 'query Other { imageSets { nodes { imageSetId } } }';
  test.each([
    ['another operation', { query: other }],
    ['a registered one with a field more', { query: latest.replace('imageSetId', 'imageSetId version') }],
    [
      'a registered one with its fields in another order',
      { query: latest.replace('imageSetId\n  __typename', '__typename\n  imageSetId') },
    ],
    [
      'a registered one with an operation more',
      { query: `${latest} query More { __typename }`, operationName: 'More' },
    ],
    ['a document that is no GraphQL', { query: '{{{' }],
    ['a document that does not fit the schema', { query: '{ nothing }' }],
    ['an empty document', { query: '' }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['the SDL', { query: '{ _service { sdl } }' }],
    ['an unknown id', persisted(hash('sha256', other))],
    [
      'the registration of an automatic persisted query',
      { query: other, ...persisted(hash('sha256', other)) },
    ],
    ['that query again, by its hash', persisted(hash('sha256', other))],
    ['another operation under the id of a registered one', { query: other, ...persisted(latestId) }],
    ['a mutation', { query: 'mutation M { __typename }' }],
  ])('%s', async (_title, body) => {
    expect(await post(enforced, body)).toEqual(refused);
  });

  test('over GET too', async () => {
    expect(await get(enforced, { query: other })).toEqual(refused);
  });

  test('and counted', async () => {
    const before = await unregistered(enforced);
    await post(enforced, { query: other });
    await post(enforced, { query: latest });
    expect((await unregistered(enforced)) - before).toBe(1);
  });

  test('a request that names no operation is malformed', async () => {
    const { status, body } = await post(enforced, { variables: {} });
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('in mode audit', () => {
  const other = 'query Other { __typename }';

  test('an operation that is not registered is answered and counted', async () => {
    const before = await unregistered(audited);
    expect((await post(audited, { query: other })).body).toEqual({ data: { __typename: 'Query' } });
    expect((await unregistered(audited)) - before).toBe(1);
  });

  test('automatic persisted queries still work, and are counted each time', async () => {
    const before = await unregistered(audited);
    const query = 'query Automatic { __typename }';
    const id = hash('sha256', query);
    const missing = await post(audited, persisted(id));
    expect(missing.body.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    await post(audited, { query, ...persisted(id) });
    expect((await post(audited, persisted(id))).body).toEqual({ data: { __typename: 'Query' } });
    expect((await unregistered(audited)) - before).toBe(2);
  });

  test('a registered operation is not counted', async () => {
    const before = await unregistered(audited);
    expect(await post(audited, { ...persisted(latestId), variables: { first: 1 } })).toEqual(rows(1));
    expect(await post(audited, { query: latest, variables: { first: 1 } })).toEqual(rows(1));
    expect(await unregistered(audited)).toBe(before);
  });
});

describe('without a safelist', () => {
  test('automatic persisted queries are registered by their hash', async () => {
    expect((await post(open, persisted(latestId))).body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect(await post(open, { query: latest, ...persisted(latestId), variables: { first: 1 } })).toEqual(
      rows(1),
    );
    expect(await post(open, { ...persisted(latestId), variables: { first: 1 } })).toEqual(rows(1));
  });

  test.each([
    [
      'a hash of something else',
      { query: latest, ...persisted('00') },
      'Expected the SHA-256 of the query in persistedQuery.sha256Hash.',
    ],
    [
      'another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: latestId } } },
      'Expected persistedQuery.version to be 1.',
    ],
  ])('%s is a malformed request', async (_title, body, message) => {
    const answer = await post(open, body);
    expect([
      answer.status,
      answer.body.errors?.map((error) => [error.extensions.code, error.message]),
    ]).toEqual([400, [['BAD_REQUEST', message]]]);
  });
});

describe('a manifest that cannot be used stops the start', () => {
  const expectedShape =
    'SAFELIST_MANIFEST: expected JSON of the form {"format":"apollo-persisted-query-manifest","version":1,"operations":[...]}, each operation with id, name, type and body.';
  const withOperations = (...operations: unknown[]) => ({ ...manifest, operations });

  test.each<[string, unknown, string[]]>([
    ['no JSON', '{', [expectedShape]],
    ['another format', { ...manifest, format: 'relay' }, [expectedShape]],
    ['another version', { ...manifest, version: 2 }, [expectedShape]],
    ['an operation without an id', withOperations({ ...operation('Names', names), id: '' }), [expectedShape]],
    [
      'operations that no longer fit, all named at once',
      withOperations(
        operation('Latest', latest),
        operation('Old', 'query Old {\n  imageSets {\n    nodes { patientBirthday }\n  }\n}'),
        operation('Broken', 'query Broken {'),
      ),
      [
        'SAFELIST_MANIFEST: operation Old: its body does not fit the schema, first at line 3, column 13.',
        'SAFELIST_MANIFEST: operation Broken: its body does not fit the schema, first at line 1, column 15.',
      ],
    ],
    [
      'an id that two have',
      withOperations(operation('Names', names), operation('Names', names)),
      ['SAFELIST_MANIFEST: operation Names: expected an id of its own.'],
    ],
    [
      'a name that is not that of the body',
      withOperations(operation('Others', names)),
      ['SAFELIST_MANIFEST: operation Others: expected a body with one operation, of this name and type.'],
    ],
  ])('%s', async (title, content, faults) => {
    const SAFELIST_MANIFEST = await written(`${hash('md5', title)}.json`, content);
    const failure = start({ SAFELIST_MODE: 'enforce', SAFELIST_MANIFEST }).catch((error: unknown) => error);
    expect(await failure).toEqual(new ConfigError(faults));
  });

  test('with exit code 2 and without a stack trace', async () => {
    const SAFELIST_MANIFEST = join(directory, 'missing.json');
    const { finished } = startCli(['serve', '--port', '0'], {
      SAFELIST_MODE: 'enforce',
      SAFELIST_MANIFEST,
      HEALTHIMAGING_DATA_DIR: join(directory, 'data'),
    });
    const { code, stderr } = await finished;
    expect([code, stderr]).toEqual([
      2,
      'The settings cannot be used:\n  SAFELIST_MANIFEST: expected a file that can be read.\n',
    ]);
  });

  test('and a manifest that can be used does not', async () => {
    const running = startCli(['serve', '--port', '0'], {
      SAFELIST_MODE: 'enforce',
      SAFELIST_MANIFEST: join(directory, 'manifest.json'),
      HEALTHIMAGING_DATA_DIR: join(directory, 'other-data'),
    });
    expect(await running.printed(graphUrl)).toContain('/graphql');
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
  });
});
