import {
  paginateSearchImageSets,
  SearchImageSetsCommand,
  type SearchCriteria,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createLocalHealthImaging } from '../../../../src/local/server.ts';
import {
  clientOf,
  manyImageSets,
  silentLog,
  withLocal,
  type Local,
} from '../../../support/gateway/withLocal.ts';

describe('pages of a search', () => {
  let local: Local;
  let ids: string[];

  beforeAll(async () => {
    local = await withLocal({ imageSets: manyImageSets(523) });
    ids = await walk(50);
  });
  afterAll(() => local.close());

  async function walk(pageSize: number, searchCriteria?: SearchCriteria): Promise<string[]> {
    const found: string[] = [];
    const pages = paginateSearchImageSets(
      { client: local.client, pageSize },
      { datastoreId: local.datastoreId, ...(searchCriteria && { searchCriteria }) },
    );
    for await (const { imageSetsMetadataSummaries = [] } of pages) {
      found.push(...imageSetsMetadataSummaries.map(({ imageSetId = '' }) => imageSetId));
    }
    return found;
  }

  function search(input: Partial<ConstructorParameters<typeof SearchImageSetsCommand>[0]> = {}) {
    return local.client.send(new SearchImageSetsCommand({ datastoreId: local.datastoreId, ...input }));
  }

  test('give every row once, newest update first', () => {
    expect([ids.length, new Set(ids).size]).toEqual([523, 523]);
  });

  test.each([1, 7])('of %i rows give the same rows in the same order', async (pageSize) => {
    expect(await walk(pageSize)).toEqual(ids);
  });

  test('have 50 rows by default', async () => {
    expect((await search()).imageSetsMetadataSummaries).toHaveLength(50);
  });

  test('have a token only when another row follows', async () => {
    const { nextToken, imageSetsMetadataSummaries } = await search({
      maxResults: 1,
      searchCriteria: {
        filters: [{ operator: 'EQUAL', values: [{ DICOMSeriesInstanceUID: '1.2.3.2.522' }] }],
      },
    });
    expect([imageSetsMetadataSummaries?.length, nextToken]).toEqual([1, undefined]);
  });

  test('have whole summaries, and name their order', async () => {
    const { imageSetsMetadataSummaries, sort } = await search({ maxResults: 1 });
    expect({ imageSetsMetadataSummaries, sort }).toEqual({
      imageSetsMetadataSummaries: [
        {
          imageSetId: ids[0],
          version: 1,
          createdAt: new Date('2026-01-01T08:42:00.000Z'),
          updatedAt: new Date('2026-01-01T08:42:00.000Z'),
          storageTier: 'FREQUENT_ACCESS',
          isPrimary: true,
          DICOMTags: {
            DICOMPatientId: 'PATIENT-2',
            DICOMPatientName: 'Sample^2',
            DICOMStudyDate: '20260101',
            DICOMStudyTime: '093000',
            DICOMSeriesModality: 'CT',
            DICOMSeriesNumber: 522,
            DICOMStudyInstanceUID: '1.2.3.2',
            DICOMSeriesInstanceUID: '1.2.3.2.522',
          },
        },
      ],
      sort: { sortField: 'updatedAt', sortOrder: 'DESC' },
    });
  });

  test('may differ in size from one to the next', async () => {
    const { nextToken } = await search({ maxResults: 3 });
    const next = await search({ maxResults: 5, nextToken });
    expect(next.imageSetsMetadataSummaries?.map(({ imageSetId }) => imageSetId)).toEqual(ids.slice(3, 8));
  });

  test('accept the token of the default order when the request names that order', async () => {
    const { nextToken } = await search({ maxResults: 3 });
    const next = await search({
      nextToken,
      maxResults: 1,
      searchCriteria: { sort: { sortField: 'updatedAt', sortOrder: 'DESC' } },
    });
    expect(next.imageSetsMetadataSummaries?.[0]?.imageSetId).toBe(ids[3]);
  });

  test('have short tokens that need no encoding in a URL', async () => {
    const { nextToken = '' } = await search();
    expect(nextToken).toMatch(/^[\w-]{1,100}$/);
    expect(encodeURIComponent(nextToken)).toBe(nextToken);
  });

  test('have the same token each time, from a restarted server as well', async () => {
    const tokens = [await search({ maxResults: 3 }), await search({ maxResults: 3 })];
    const again = await createLocalHealthImaging({ datastores: local.datastores, log: silentLog, port: 0 });
    const client = clientOf(again.url);
    tokens.push(
      await client.send(new SearchImageSetsCommand({ datastoreId: local.datastoreId, maxResults: 3 })),
    );
    client.destroy();
    await again.close();
    expect(new Set(tokens.map(({ nextToken }) => nextToken)).size).toBe(1);
    expect(tokens[0]?.nextToken).toBeDefined();
  });

  test('refuse tokens of another search, altered tokens, and other text', async () => {
    const { nextToken = '' } = await search({ maxResults: 3 });
    const sort: SearchCriteria = { sort: { sortField: 'createdAt', sortOrder: 'DESC' } };
    const refused = [
      { nextToken, searchCriteria: sort },
      { nextToken: `${nextToken.slice(0, -1)}${nextToken.endsWith('A') ? 'B' : 'A'}` },
      { nextToken: nextToken.slice(0, -1) },
      { nextToken: `${nextToken}=` },
      { nextToken: ` ${nextToken}` },
      { nextToken: 'x' },
    ];
    for (const input of refused) {
      await expect(search(input)).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'Invalid nextToken',
      });
    }
  });

  test('follow the requested order', async () => {
    const sort: SearchCriteria = { sort: { sortField: 'createdAt', sortOrder: 'ASC' } };
    expect(await walk(50, sort)).toEqual(ids.toReversed());
  });
});
