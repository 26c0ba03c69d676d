import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startRecordingProxy, type RecordingProxy } from '../../../support/upstream/recordingProxy.ts';
import { startTestGateway, type TestGateway } from '../../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../../support/gateway/withLocal.ts';

let local: Local;
let upstream: RecordingProxy;
let gateway: TestGateway;

beforeAll(async () => {
  local = await withLocal();
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({ endpoint: upstream.url, datastoreIds: [local.datastoreId] });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

// Validation lets a nullable variable with a default stand where null may not (GraphQL, 5.8.5): execution finds it.
test.each([
  [
    'an argument',
    'query ($v: ID = "x") { it: imageSet(imageSetId: $v) { id } }',
    'Expected text or a whole number.',
  ],
  [
    'an item of a list',
    'query ($v: ID = "x") { it: nodes(ids: [$v]) { id } }',
    'Expected text or a whole number.',
  ],
])('a variable that is null for %s is wrong input, not an internal error', async (_title, query, message) => {
  upstream.take();
  const { body } = await gateway.query(query, { v: null });
  const errors = body.errors?.map((error) => [error.extensions.code, error.message, error.path]);
  expect(errors).toEqual([['BAD_USER_INPUT', message, ['it']]]);
  expect(upstream.take()).toEqual([]);
});
