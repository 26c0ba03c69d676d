import { expect, test } from '@jest/globals';

import { GatewayError } from '../../src/errors.ts';
import { checkDatastores } from '../../src/healthimaging/checkDatastores.ts';
import { startUpstream } from '../support/gateway/withUpstream.ts';
import { datastoreId } from '../support/upstream/fakeHealthImaging.ts';
import { exception, hang, json, type Fault } from '../support/upstream/faultServer.ts';
import { wireDatastore } from '../support/upstream/wireSummaries.ts';

const [unknown, denied] = ['e'.repeat(32), 'f'.repeat(32)];

const byDatastore: Fault = (socket, request) => {
  const fault = request.path.endsWith(unknown)
    ? exception(404, 'ResourceNotFoundException')
    : request.path.endsWith(denied)
      ? exception(403, 'AccessDeniedException')
      : json(wireDatastore);
  return fault(socket, request);
};

test('names the data stores that are unknown or denied, and asks for each once', async () => {
  const { api, server, close } = await startUpstream({}, byDatastore);
  expect(await checkDatastores(api, [denied, datastoreId, unknown])).toEqual([
    { datastoreId: denied, code: 'UPSTREAM_ACCESS_DENIED' },
    { datastoreId: unknown, code: 'NOT_FOUND' },
  ]);
  expect(server.requests).toHaveLength(3);
  await close();
});

test('says why where HealthImaging could not be asked', async () => {
  const { api, close } = await startUpstream({ maximumAttempts: 1, client: { attemptTimeoutMs: 100 } }, hang);
  expect(await checkDatastores(api, [datastoreId])).toEqual([{ datastoreId, code: 'UPSTREAM_TIMEOUT' }]);
  await close();
});

test('takes any other error for a fault of the gateway', async () => {
  const api = { getDatastore: () => Promise.reject(new TypeError()) };
  expect(await checkDatastores(api, [datastoreId])).toEqual([
    { datastoreId, code: new GatewayError('INTERNAL_SERVER_ERROR').code },
  ]);
});
