import {
  ConflictException,
  CreateDatastoreCommand,
  DeleteDatastoreCommand,
  GetDatastoreCommand,
  ListDatastoresCommand,
  ListTagsForResourceCommand,
  paginateListDatastores,
  ResourceNotFoundException,
  SearchImageSetsCommand,
  ServiceQuotaExceededException,
  ValidationException,
  type CreateDatastoreCommandInput,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  clientOf,
  manyImageSets,
  putImageSets,
  withLocal,
  type Local,
} from '../../../support/gateway/withLocal.ts';

const time = Date.UTC(2026, 0, 1, 0, 0, 0, 52);

describe('data stores', () => {
  let local: Local;

  beforeEach(async () => {
    local = await withLocal({ now: () => time });
  });
  afterEach(() => local.close());

  const create = async (input: Partial<CreateDatastoreCommandInput> = {}) => {
    const command = new CreateDatastoreCommand({ clientToken: undefined, ...input });
    const { datastoreId = '' } = await local.client.send(command);
    return datastoreId;
  };
  const get = async (datastoreId: string) =>
    (await local.client.send(new GetDatastoreCommand({ datastoreId }))).datastoreProperties;
  const remove = (datastoreId: string) => local.client.send(new DeleteDatastoreCommand({ datastoreId }));
  const listed = async (datastoreStatus?: 'ACTIVE' | 'DELETED' | 'CREATING') => {
    const { datastoreSummaries = [] } = await local.client.send(
      new ListDatastoresCommand({ datastoreStatus }),
    );
    return datastoreSummaries.map(({ datastoreId }) => datastoreId);
  };
  const failureOf = (sent: Promise<unknown>) =>
    sent.then(
      () => undefined,
      (error: unknown) => error,
    );

  test('there is one to begin with', async () => {
    const summary = {
      datastoreId: local.datastoreId,
      datastoreName: 'local',
      datastoreStatus: 'ACTIVE',
      datastoreArn: `arn:aws:medical-imaging:us-east-1:000000000000:datastore/${local.datastoreId}`,
      createdAt: new Date(time),
      updatedAt: new Date(time),
    };
    expect(await get(local.datastoreId)).toEqual({ ...summary, losslessStorageFormat: 'HTJ2K' });
    const { datastoreSummaries, nextToken } = await local.client.send(new ListDatastoresCommand({}));
    expect([datastoreSummaries, nextToken]).toEqual([[summary], undefined]);
  });

  test('are made at once, though the answer says CREATING', async () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:alias/images';
    const lambdaAuthorizerArn = 'arn:aws:lambda:us-east-1:123456789012:function:authorize';
    const { $metadata, ...answer } = await local.client.send(
      new CreateDatastoreCommand({
        datastoreName: 'ward/7',
        kmsKeyArn,
        lambdaAuthorizerArn,
        losslessStorageFormat: 'HTJ2K',
        tags: { Ward: 'seven' },
        clientToken: undefined,
      }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(answer).toEqual({
      datastoreId: expect.stringMatching(/^[0-9a-z]{32}$/) as unknown,
      datastoreStatus: 'CREATING',
    });
    const { datastoreId = '' } = answer;
    const resourceArn = `arn:aws:medical-imaging:us-east-1:000000000000:datastore/${datastoreId}`;
    expect(await get(datastoreId)).toEqual({
      datastoreId,
      datastoreName: 'ward/7',
      datastoreStatus: 'ACTIVE',
      datastoreArn: resourceArn,
      createdAt: new Date(time),
      updatedAt: new Date(time),
      kmsKeyArn,
      lambdaAuthorizerArn,
      losslessStorageFormat: 'HTJ2K',
    });
    const { tags } = await local.client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual({ Ward: 'seven' });
  });

  test('have their own image sets', async () => {
    const datastoreId = await create();
    putImageSets(local.store, manyImageSets(3));
    const found = (id: string) => local.client.send(new SearchImageSetsCommand({ datastoreId: id }));
    expect((await found(local.datastoreId)).imageSetsMetadataSummaries).toHaveLength(3);
    expect((await found(datastoreId)).imageSetsMetadataSummaries).toEqual([]);
    const first = await local.client.send(
      new SearchImageSetsCommand({ datastoreId: local.datastoreId, maxResults: 1 }),
    );
    const stolen = new SearchImageSetsCommand({ datastoreId, maxResults: 1, nextToken: first.nextToken });
    await expect(local.client.send(stolen)).rejects.toThrow('Invalid nextToken');
  });

  test('without a name have their ID; several may have the same name', async () => {
    const unnamed = await create();
    const [one, other] = [await create({ datastoreName: 'x' }), await create({ datastoreName: 'x' })];
    expect((await get(unnamed))?.datastoreName).toBe(unnamed);
    expect([(await get(one))?.datastoreName, (await get(other))?.datastoreName]).toEqual(['x', 'x']);
    expect(one).not.toBe(other);
  });

  test('are listed in pages, in the order of creation, by status', async () => {
    const made = [local.datastoreId];
    for (let count = 0; count < 4; count += 1) made.push(await create());
    await remove(made[2] ?? '');
    const paged: unknown[] = [];
    for await (const page of paginateListDatastores({ client: local.client, pageSize: 2 }, {}))
      paged.push(...(page.datastoreSummaries ?? []).map(({ datastoreId }) => datastoreId));
    expect(paged).toEqual(made);
    expect(await listed('DELETED')).toEqual([made[2]]);
    expect(await listed('ACTIVE')).toEqual(made.filter((_, index) => index !== 2));
    expect(await listed('CREATING')).toEqual([]);
    const { nextToken } = await local.client.send(new ListDatastoresCommand({ maxResults: 2 }));
    for (const input of [{ nextToken: 'x' }, { nextToken, datastoreStatus: 'ACTIVE' } as const])
      await expect(local.client.send(new ListDatastoresCommand(input))).rejects.toThrow('Invalid nextToken');
  });

  test('are made once for a client token; other input with it is a conflict', async () => {
    const request = { datastoreName: 'once', tags: { a: '1', b: '2' }, clientToken: 'T.1-x' };
    const datastoreId = await create(request);
    expect(await create({ ...request, tags: { b: '2', a: '1' } })).toBe(datastoreId);
    for (const other of [{ datastoreName: 'other' }, { tags: { a: '1' } }, { tags: undefined }]) {
      expect(await failureOf(create({ ...request, ...other }))).toEqual(expect.any(ConflictException));
    }
    await remove(datastoreId);
    expect(await create(request)).toBe(datastoreId);
    expect(await listed()).toEqual([local.datastoreId, datastoreId]);
  });

  test('are refused with a storage format or tags that there cannot be, and leave nothing', async () => {
    const tags = Object.fromEntries(
      Array.from({ length: 51 }, (_, tag) => [
        `k${String.fromCharCode(97 + (tag % 26))}${tag > 25 ? 'x' : ''}`,
        '',
      ]),
    );
    for (const input of [{ losslessStorageFormat: 'JPEG_2000_LOSSLESS' } as const, { tags }])
      expect(await failureOf(create(input))).toEqual(expect.any(ValidationException));
    const { message } = (await failureOf(create({ tags: { 'no blank': 'x' } }))) as Error;
    expect(message).toBe(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: " +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, ' +
        'Member must satisfy regular expression pattern: (?!aws:)[a-zA-Z+-=._:/]+]',
    );
    expect(await listed()).toEqual([local.datastoreId]);
  });

  test('are deleted at once, though the answer says DELETING, and stay listed', async () => {
    const datastoreId = await create({ tags: { Ward: 'seven' } });
    const answers = [await remove(datastoreId), await remove(datastoreId)];
    expect(answers).toMatchObject([
      { datastoreId, datastoreStatus: 'DELETING' },
      { datastoreId, datastoreStatus: 'DELETING' },
    ]);
    expect(await get(datastoreId)).toMatchObject({ datastoreId, datastoreStatus: 'DELETED' });
    const resourceArn = `arn:aws:medical-imaging:us-east-1:000000000000:datastore/${datastoreId}`;
    const outcomes = await Promise.allSettled([
      local.client.send(new SearchImageSetsCommand({ datastoreId })),
      local.client.send(new ListTagsForResourceCommand({ resourceArn })),
      remove('0'.repeat(32)),
      get('0'.repeat(32)),
    ]);
    const reason = expect.any(ResourceNotFoundException) as unknown;
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => ({ status: 'rejected', reason })));
  });

  test('with image sets are not deleted', async () => {
    putImageSets(local.store, manyImageSets(1));
    expect(await failureOf(remove(local.datastoreId))).toEqual(expect.any(ConflictException));
    expect(await get(local.datastoreId)).toMatchObject({ datastoreStatus: 'ACTIVE' });
  });

  test('are a hundred at most', async () => {
    for (let count = 1; count < 100; count += 1) await create();
    expect(await failureOf(create())).toEqual(expect.any(ServiceQuotaExceededException));
    await remove(local.datastoreId);
    expect(await create()).toMatch(/^[0-9a-z]{32}$/);
  });
});

describe('data stores on disk', () => {
  test('are seen by another server of the folder, with what is deleted there', async () => {
    await using one = await withLocal({ onDisk: true });
    await using other = await withLocal({ directory: one.directory });
    const client = clientOf(other.url);
    const { datastoreId = '' } = await one.client.send(new CreateDatastoreCommand({ clientToken: 'seen' }));
    const search = new SearchImageSetsCommand({ datastoreId });
    expect((await client.send(search)).imageSetsMetadataSummaries).toEqual([]);
    const again = await client.send(new CreateDatastoreCommand({ clientToken: 'seen' }));
    expect(again.datastoreId).toBe(datastoreId);
    await one.client.send(new DeleteDatastoreCommand({ datastoreId }));
    await expect(client.send(search)).rejects.toThrow(ResourceNotFoundException);
    client.destroy();
  });
});
