import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';

import {
  GetDatastoreCommand,
  GetImageFrameCommand,
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  ListDatastoresCommand,
  ListImageSetVersionsCommand,
  ResourceNotFoundException,
  SearchImageSetsCommand,
  ValidationException,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createLocalHealthImaging } from '../../src/local/server.ts';
import { openStore } from '../../src/local/store/store.ts';
import { captureLog } from '../support/capturedLog.ts';
import {
  clientOf,
  manyImageSets,
  putImageSets,
  silentLog,
  withLocal,
  type Local,
} from '../support/gateway/withLocal.ts';

describe('the local HealthImaging', () => {
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

  test('has one data store', async () => {
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

  test('lists data stores by their status, and gives out no tokens for them', async () => {
    const listed = async (datastoreStatus: 'ACTIVE' | 'DELETED') =>
      (await local.client.send(new ListDatastoresCommand({ datastoreStatus }))).datastoreSummaries;
    expect([await listed('ACTIVE'), await listed('DELETED')]).toEqual([[datastore()], []]);
    await expect(local.client.send(new ListDatastoresCommand({ nextToken: 'x' }))).rejects.toThrow(
      'Invalid nextToken',
    );
  });

  test('does not find other data stores, nor image sets that are not there', async () => {
    const other = { datastoreId: '0'.repeat(32) };
    const imageSet = { datastoreId: local.datastoreId, imageSetId: '0'.repeat(32) };
    const sent = [
      local.client.send(new GetDatastoreCommand(other)),
      local.client.send(new SearchImageSetsCommand(other)),
      local.client.send(new GetImageSetCommand({ ...imageSet, ...other })),
      local.client.send(new GetImageSetCommand(imageSet)),
      local.client.send(new GetImageSetMetadataCommand(imageSet)),
      local.client.send(new ListImageSetVersionsCommand(imageSet)),
    ];
    for (const answer of await Promise.allSettled(sent)) {
      expect(answer).toMatchObject({
        status: 'rejected',
        reason: expect.any(ResourceNotFoundException) as unknown,
      });
    }
  });

  test('has no pixels, and says so', async () => {
    const frame = new GetImageFrameCommand({
      datastoreId: local.datastoreId,
      imageSetId: '0'.repeat(32),
      imageFrameInformation: { imageFrameId: '0'.repeat(32) },
    });
    await expect(local.client.send(frame)).rejects.toEqual(
      expect.objectContaining({
        constructor: ValidationException,
        message: 'GetImageFrame is not supported by the local HealthImaging.',
      }),
    );
  });

  test('closes without waiting for idle connections, and answers what is in flight', async () => {
    using store = openStore({ directory: ':memory:' });
    const server = await createLocalHealthImaging({ store, log: silentLog, port: 0 });
    const agent = new Agent({ keepAlive: true });
    const call = (path: string, headers: Record<string, string> = {}) => {
      const method = path === '/datastore' ? 'GET' : 'POST';
      const sent = request(server.url + path, { agent, method, headers });
      const status = once(sent, 'response').then(([response]: IncomingMessage[]) => {
        response?.resume();
        return [response?.statusCode, response?.headers.connection];
      });
      return { sent, status };
    };
    const idle = call('/datastore');
    idle.sent.end();
    expect(await idle.status).toEqual([200, 'keep-alive']);
    const inFlight = call(`/datastore/${server.datastoreId}/searchImageSets`, { expect: '100-continue' });
    inFlight.sent.flushHeaders();
    await once(inFlight.sent, 'continue');
    const closed = server.close();
    inFlight.sent.end('{}');
    expect(await inFlight.status).toEqual([200, 'close']);
    await closed;
    const late = call('/datastore');
    late.sent.end();
    await expect(late.status).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });

  test('fails to start on a port that is taken', async () => {
    const port = Number(new URL(local.url).port);
    await expect(
      createLocalHealthImaging({ store: local.store, log: silentLog, port }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('answers a fault of its own without what went wrong, and logs no value', async () => {
    const { log, lines, text } = captureLog();
    const store = openStore({ directory: ':memory:' });
    putImageSets(store, manyImageSets(3));
    const server = await createLocalHealthImaging({ store, log, port: 0 });
    const client = clientOf(server.url);
    const search = new SearchImageSetsCommand({
      datastoreId: server.datastoreId,
      maxResults: 1,
      searchCriteria: { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'PATIENT-1' }] }] },
    });
    await client.send(search);
    store.close();
    await expect(client.send(search)).rejects.toMatchObject({
      name: 'InternalServerException',
      message: 'The local HealthImaging failed; its log says where.',
    });
    client.destroy();
    await server.close();
    expect(lines()).toHaveLength(2);
    expect(text()).not.toMatch(/PATIENT|Sample|nextToken|SELECT/);
  });
});
