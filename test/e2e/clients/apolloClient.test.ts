import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { pageSize, rowCount, serveRows, type ServedRows } from './rows.ts';

interface Page {
  readonly imageSets: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly imageSetId: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface PageVariables {
  readonly filter?: { readonly patientId: { readonly equal: string } };
  readonly first: number;
  readonly after?: string | null;
}

const pageQuery: TypedDocumentNode<Page, PageVariables> = gql`
  query ImageSets($filter: ImageSetFilter, $first: Int, $after: String) {
    imageSets(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          imageSetId
          dicomTags {
            patientId
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

interface NodeAnswer {
  readonly node: { readonly datastore?: { readonly id: string } } | null;
}

const nodeQuery: TypedDocumentNode<NodeAnswer, { readonly id: string | undefined }> = gql`
  query Node($id: ID!) {
    node(id: $id) {
      id
      ... on ImageSet {
        version
        datastore {
          id
          datastoreId
        }
      }
      ... on Datastore {
        datastoreId
        status
      }
    }
  }
`;

let served: ServedRows;
beforeAll(async () => {
  served = await serveRows();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
});

/** As Apollo's documentation sets it up, with the key arguments of docs/clients.md. */
function createClient(url = served.url): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri: url }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { imageSets: relayStylePagination(['datastoreId', 'filter', 'sort']) } },
      },
    }),
  });
}

/** Pages to the end; what the cache then holds. */
async function walk(client: ApolloClient, variables: PageVariables): Promise<string[]> {
  const watched = client.watchQuery({ query: pageQuery, variables });
  const subscription = watched.subscribe(() => undefined);
  try {
    const result = await client.query({ query: pageQuery, variables });
    let pageInfo = result.data?.imageSets.pageInfo;
    while (pageInfo?.hasNextPage === true) {
      const more = await watched.fetchMore({ variables: { after: pageInfo.endCursor } });
      pageInfo = more.data.imageSets.pageInfo;
    }
    const held = client.readQuery({ query: pageQuery, variables });
    return (held?.imageSets.edges ?? []).map(({ node }) => node.imageSetId);
  } finally {
    subscription.unsubscribe();
  }
}

/** What the cache holds of a search. */
function held(client: ApolloClient, variables: PageVariables): string[] {
  const page = client.readQuery({ query: pageQuery, variables });
  return (page?.imageSets.edges ?? []).map(({ node }) => node.imageSetId);
}

describe('Apollo Client beside a list that is refreshed', () => {
  const variables = { first: pageSize };
  let fresh: ServedRows;

  beforeAll(async () => {
    // Every refresh asks HealthImaging.
    fresh = await serveRows({ PAGE_FRESH_MS: '0', PAGE_WALK_MS: '0' });
  });
  afterAll(async () => {
    await fresh[Symbol.asyncDispose]();
  });

  test('renders once, however often data that has not changed are polled', async () => {
    const client = createClient(fresh.url);
    const watched = client.watchQuery({ query: pageQuery, variables, notifyOnNetworkStatusChange: false });
    const rendered: unknown[] = [];
    const subscription = watched.subscribe(({ data, dataState }) => {
      if (dataState === 'complete') rendered.push(data);
    });
    await watched.refetch();
    for (let poll = 0; poll < 5; poll += 1) await watched.refetch();
    subscription.unsubscribe();
    expect(new Set(rendered).size).toBe(1);
    expect(fresh.takeSearches()).toBeGreaterThanOrEqual(5);
  });

  test('holds each row once where the next page comes late, and twice', async () => {
    const client = createClient(fresh.url);
    const watched = client.watchQuery({ query: pageQuery, variables });
    const subscription = watched.subscribe(() => undefined);
    const first = await client.query({ query: pageQuery, variables });
    const after = first.data?.imageSets.pageInfo.endCursor ?? null;
    const late = watched.fetchMore({ variables: { after } });
    await watched.refetch();
    await late;
    await watched.fetchMore({ variables: { after } });
    subscription.unsubscribe();
    expect(held(client, variables)).toEqual(fresh.imageSetIds.slice(0, 2 * pageSize));
  });

  test('skips no row where the rows around its place are deleted while it pages', async () => {
    const client = createClient(fresh.url);
    const watched = client.watchQuery({ query: pageQuery, variables });
    const subscription = watched.subscribe(() => undefined);
    const first = await client.query({ query: pageQuery, variables });
    let pageInfo = first.data?.imageSets.pageInfo;
    const deleted = fresh.imageSetIds.slice(15, 55);
    fresh.deleteImageSets(deleted);
    while (pageInfo?.hasNextPage === true) {
      const more = await watched.fetchMore({ variables: { after: pageInfo.endCursor } });
      pageInfo = more.data.imageSets.pageInfo;
    }
    subscription.unsubscribe();
    const expected = [...fresh.imageSetIds.slice(0, pageSize), ...fresh.imageSetIds.slice(55)];
    expect(held(client, variables)).toEqual(expected);
  });
});

describe('Apollo Client with relayStylePagination', () => {
  test('walks 120 rows in pages of 25 and holds each once, in their order', async () => {
    expect(await walk(createClient(), { first: pageSize })).toEqual(served.imageSetIds);
    expect(served.takeSearches()).toBeLessThanOrEqual(rowCount / 50 + 1);
  });

  test('keeps two searches apart', async () => {
    const client = createClient();
    const of = (patient: string) => ({ first: 5, filter: { patientId: { equal: patient } } });
    const one = await walk(client, of('PATIENT-1'));
    const two = await walk(client, of('PATIENT-2'));
    expect([one.length, two.length, new Set([...one, ...two]).size]).toEqual([6, 6, 12]);
  });

  test('fetches an image set and a data store anew by their id, into the same cached object', async () => {
    const client = createClient();
    const { data } = await client.query({ query: pageQuery, variables: { first: 1 } });
    const row = data?.imageSets.edges[0]?.node;
    const refetched = await client.query({ query: nodeQuery, variables: { id: row?.id } });
    expect(refetched.data).toMatchObject({
      node: { id: row?.id, version: 1, datastore: { datastoreId: served.datastoreId } },
    });
    const cached = client.cache.extract() as Readonly<Record<string, unknown>>;
    expect(cached[`ImageSet:${row?.id}`]).toMatchObject({
      imageSetId: row?.imageSetId,
      version: 1,
    });
    const datastore = await client.query({
      query: nodeQuery,
      variables: { id: refetched.data?.node?.datastore?.id },
    });
    expect(datastore.data).toMatchObject({ node: { datastoreId: served.datastoreId, status: 'ACTIVE' } });
  });
});
