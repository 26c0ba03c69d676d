import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { Client, fetchExchange, gql, type OperationResult } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

import { pageSize, rowCount, serveRows, type ServedRows } from './rows.ts';

interface Page {
  readonly imageSets: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly imageSetId: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface PageVariables {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: object;
}

const pageQuery = gql<Page, PageVariables>`
  query ImageSets($filter: ImageSetFilter, $first: Int, $after: String) {
    imageSets(filter: $filter, first: $first, after: $after) {
      edges {
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
        endCursor
      }
    }
  }
`;

let served: ServedRows;
let schema: IntrospectionQuery;
beforeAll(async () => {
  served = await serveRows();
  schema = await introspect(served.url);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
});

async function introspect(url: string): Promise<IntrospectionQuery> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ descriptions: false }) }),
  });
  return ((await response.json()) as { readonly data: IntrospectionQuery }).data;
}

function createClient(): Client {
  return new Client({
    url: served.url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema,
        // Part of their image set, with no identifier of their own.
        keys: { DicomTags: () => null },
        resolvers: { Query: { imageSets: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
}

/** Pages to the end, each page a query of its own as a list that scrolls makes it; what the last one holds. */
async function walk(client: Client, filter?: object): Promise<string[]> {
  let after: string | null = null;
  for (;;) {
    const variables: PageVariables = { first: pageSize, after, ...(filter !== undefined && { filter }) };
    const { data, error }: OperationResult<Page, PageVariables> = await client
      .query(pageQuery, variables)
      .toPromise();
    if (data === undefined) throw new Error(error?.message);
    const { edges, pageInfo } = data.imageSets;
    if (!pageInfo.hasNextPage) return edges.map(({ node }) => node.imageSetId);
    after = pageInfo.endCursor;
  }
}

describe('urql with graphcache and relayPagination', () => {
  test('walks 120 rows in pages of 25 and holds each once, in their order', async () => {
    expect(await walk(createClient())).toEqual(served.imageSetIds);
    expect(served.takeSearches()).toBeLessThanOrEqual(rowCount / 50 + 1);
  });

  test('keeps two searches apart', async () => {
    const client = createClient();
    const one = await walk(client, { patientId: { equal: 'PATIENT-1' } });
    const two = await walk(client, { patientId: { equal: 'PATIENT-2' } });
    expect([one.length, two.length, new Set([...one, ...two]).size]).toEqual([6, 6, 12]);
  });

  test('fetches an image set and a data store anew by their id', async () => {
    const client = createClient();
    const { data } = await client.query(pageQuery, { first: 1 }).toPromise();
    const row = data?.imageSets.edges[0]?.node;
    const nodeQuery = gql<{ node: { datastore?: { id: string } } | null }, { id: string | undefined }>`
      query Node($id: ID!) {
        node(id: $id) {
          __typename
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
    const imageSet = await client
      .query(nodeQuery, { id: row?.id }, { requestPolicy: 'network-only' })
      .toPromise();
    expect(imageSet.data).toMatchObject({
      node: {
        __typename: 'ImageSet',
        id: row?.id,
        version: 1,
        datastore: { datastoreId: served.datastoreId },
      },
    });
    const datastore = await client
      .query(nodeQuery, { id: imageSet.data?.node?.datastore?.id }, { requestPolicy: 'network-only' })
      .toPromise();
    expect(datastore.data).toMatchObject({
      node: { __typename: 'Datastore', datastoreId: served.datastoreId, status: 'ACTIVE' },
    });
  });
});
