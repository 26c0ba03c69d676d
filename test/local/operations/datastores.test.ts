import { GetDatastoreCommand, ListDatastoresCommand } from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

describe('the data store', () => {
  let local: Local;

  beforeAll(async () => {
    local = await withLocal({ now: () => Date.UTC(2026, 0, 1, 0, 0, 0, 52) });
  });
  afterAll(() => local.close());

  const datastore = () => ({
    datastoreId: local.datastoreId,
    datastoreName: 'local',
    datastoreStatus: 'ACTIVE',
    datastoreArn: `arn:aws:medical-imaging:us-east-1:000000000000:datastore/${local.datastoreId}`,
    createdAt: new Date('2026-01-01T00:00:00.052Z'),
    updatedAt: new Date('2026-01-01T00:00:00.052Z'),
  });

  test('is the only one, with its properties', async () => {
    const { datastoreProperties } = await local.client.send(
      new GetDatastoreCommand({ datastoreId: local.datastoreId }),
    );
    const { datastoreSummaries, nextToken } = await local.client.send(
      new ListDatastoresCommand({ maxResults: 1 }),
    );
    expect([datastoreProperties, datastoreSummaries, nextToken]).toEqual([
      datastore(),
      [datastore()],
      undefined,
    ]);
  });

  test('is listed by status, in one page', async () => {
    const listed = async (datastoreStatus: 'ACTIVE' | 'DELETED') =>
      (await local.client.send(new ListDatastoresCommand({ datastoreStatus }))).datastoreSummaries;
    expect([await listed('ACTIVE'), await listed('DELETED')]).toEqual([[datastore()], []]);
    await expect(local.client.send(new ListDatastoresCommand({ nextToken: 'x' }))).rejects.toThrow(
      'Invalid nextToken',
    );
  });
});
