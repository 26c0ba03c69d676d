import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';

import { SearchImageSetsCommand } from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createLocalHealthImaging } from '../../src/local/server.ts';
import { openDatastores } from '../../src/local/store/datastores/datastores.ts';
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
    local = await withLocal();
  });
  afterAll(() => local.close());

  test('closes without waiting for idle connections, and completes requests in flight', async () => {
    using datastores = openDatastores({ directory: ':memory:' });
    const server = await createLocalHealthImaging({ datastores, log: silentLog, port: 0 });
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
      createLocalHealthImaging({ datastores: local.datastores, log: silentLog, port }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('hides the cause of its own failures, and logs no value', async () => {
    const { log, lines, text } = captureLog();
    const datastores = openDatastores({ directory: ':memory:' });
    putImageSets(datastores.first, manyImageSets(3));
    const server = await createLocalHealthImaging({ datastores, log, port: 0 });
    const client = clientOf(server.url);
    const search = new SearchImageSetsCommand({
      datastoreId: server.datastoreId,
      maxResults: 1,
      searchCriteria: { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'PATIENT-1' }] }] },
    });
    await client.send(search);
    datastores.close();
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
