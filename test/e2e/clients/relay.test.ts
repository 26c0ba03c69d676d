import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, printSchema, type IntrospectionQuery } from 'graphql';
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
  type ConcreteRequest,
  type FetchFunction,
  type GraphQLResponse,
  type ReaderFragment,
  type Variables,
} from 'relay-runtime';

import { rowCount, serveRows, type ServedRows } from './rows.ts';

const relayCompiler = fileURLToPath(new URL('../../../node_modules/relay-compiler/cli.js', import.meta.url));

let served: ServedRows;
let directory: string;
let compiled: { readonly code: number; readonly output: string };

beforeAll(async () => {
  served = await serveRows();
  directory = await mkdtemp(join(tmpdir(), 'relay-'));
  compiled = await compile();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const fetchGraphql: FetchFunction = async ({ text }, variables) => {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables }),
  });
  return (await response.json()) as GraphQLResponse;
};

/** Relay's compiler on the application's documents and the schema that the running gateway tells of itself. */
async function compile(): Promise<typeof compiled> {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ oneOf: true }) }),
  });
  const { data } = (await response.json()) as { readonly data: IntrospectionQuery };
  await writeFile(join(directory, 'schema.graphql'), printSchema(buildClientSchema(data)));
  await writeFile(join(directory, 'package.json'), '{}');
  await mkdir(join(directory, 'compiled'));
  await cp(new URL('./relay/', import.meta.url), join(directory, 'src'), { recursive: true });
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'typescript',
    artifactDirectory: './compiled',
    eagerEsModules: true,
  };
  await writeFile(join(directory, 'relay.config.json'), JSON.stringify(config));
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [relayCompiler, 'relay.config.json'],
      {
        cwd: directory,
      },
    );
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

async function artifact<Artifact>(name: string): Promise<Artifact> {
  const module = (await import(join(directory, 'compiled', `${name}.graphql.ts`))) as { default: Artifact };
  return module.default;
}

const createEnvironment = () =>
  new Environment({ network: Network.create(fetchGraphql), store: new Store(new RecordSource()) });

/** Fetches into the store and keeps what came, as a mounted component does. */
async function fetchInto(environment: Environment, request: ConcreteRequest, variables: Variables) {
  const operation = createOperationDescriptor(request, variables);
  environment.retain(operation);
  await fetchQuery(environment, request, variables).toPromise();
  return operation;
}

interface List {
  readonly imageSets: {
    readonly edges: readonly {
      readonly node: Readonly<Record<string, unknown>> & { readonly id: string; readonly imageSetId: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

/** What a component with the fragment would be given. */
async function readList(
  environment: Environment,
  request: ConcreteRequest,
  variables: Variables,
): Promise<List> {
  const fragment = await artifact<ReaderFragment>('imageSetList_query');
  const operation = createOperationDescriptor(request, variables);
  const { data } = environment.lookup(operation.fragment);
  const selector = getSingularSelector(fragment, data);
  return environment.lookup(selector).data as unknown as List;
}

async function walk(environment: Environment, variables: Variables): Promise<List> {
  const request = await artifact<ConcreteRequest>('imageSetListQuery');
  const more = await artifact<ConcreteRequest>('imageSetListPaginationQuery');
  await fetchInto(environment, request, variables);
  let list = await readList(environment, request, variables);
  while (list.imageSets.pageInfo.hasNextPage) {
    const cursor = list.imageSets.pageInfo.endCursor;
    await fetchInto(environment, more, { ...variables, count: 25, cursor });
    list = await readList(environment, request, variables);
  }
  return list;
}

const ids = ({ imageSets }: List) => imageSets.edges.map(({ node }) => node.imageSetId);

describe('Relay', () => {
  test('its compiler accepts the schema, the connection and the refetchable fragments', () => {
    expect(compiled.output).not.toContain('ERROR');
    expect(compiled).toMatchObject({ code: 0 });
  });

  test('keeps a page that arrives after the list was refreshed', async () => {
    const environment = createEnvironment();
    const request = await artifact<ConcreteRequest>('imageSetListQuery');
    const more = await artifact<ConcreteRequest>('imageSetListPaginationQuery');
    await fetchInto(environment, request, {});
    const cursor = (await readList(environment, request, {})).imageSets.pageInfo.endCursor;
    // More than the second that pages of the first window are kept for: HealthImaging is asked again.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await fetchInto(environment, request, {});
    await fetchInto(environment, more, { count: 25, cursor });
    expect(ids(await readList(environment, request, {}))).toEqual(served.imageSetIds.slice(0, 50));
  });

  test('walks 120 rows in pages of 25 and holds each once, in their order', async () => {
    expect(ids(await walk(createEnvironment(), {}))).toEqual(served.imageSetIds);
    expect(served.takeSearches()).toBeLessThanOrEqual(rowCount / 50 + 1);
  });

  test('keeps two searches apart', async () => {
    const environment = createEnvironment();
    const one = ids(await walk(environment, { filter: { patientId: { equal: 'PATIENT-1' } } }));
    const two = ids(await walk(environment, { filter: { patientId: { equal: 'PATIENT-2' } } }));
    expect([one.length, two.length, new Set([...one, ...two]).size]).toEqual([6, 6, 12]);
  });

  test('refetches an image set and a data store through node(id:), as @refetchable does', async () => {
    const environment = createEnvironment();
    const list = await walk(environment, { filter: { patientId: { equal: 'PATIENT-1' } } });
    const id = list.imageSets.edges[0]?.node.id;
    await fetchInto(environment, await artifact('imageSetListDetailsQuery'), { id });
    const records = environment.getStore().getSource();
    expect(records.get(id ?? '')).toMatchObject({ __typename: 'ImageSet', id, version: 1 });
    const link = records.get(id ?? '')?.['datastore'] as { readonly __ref: string };
    await fetchInto(environment, await artifact('imageSetListDatastoreQuery'), { id: link.__ref });
    expect(records.get(link.__ref)).toMatchObject({
      __typename: 'Datastore',
      id: link.__ref,
      datastoreId: served.datastoreId,
      status: 'ACTIVE',
    });
  });
});
