import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { captureLog } from '../../support/capturedLog.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway/testGateway.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import { respond, startFaultServer, type FaultServer } from '../../support/upstream/faultServer.ts';

const imageSetId = 'a'.repeat(32);
const json = { 'content-type': 'application/json' };
const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

let server: FaultServer;
let gateway: TestGateway;
let depth = 0;
const captured = captureLog();

/** Answers that are whole but for a member that the service model does not have. */
const answers: Readonly<Record<string, () => string>> = {
  searchImageSets: () =>
    `{"imageSetsMetadataSummaries":[{"imageSetId":"${imageSetId}","x":${nested(depth)},"DICOMTags":{"x":${nested(depth)}}}],"x":${nested(depth)}}`,
  getImageSet: () =>
    `{"datastoreId":"${datastoreId}","imageSetId":"${imageSetId}","versionId":"1","imageSetState":"ACTIVE","x":${nested(depth)}}`,
  listImageSetVersions: () =>
    `{"imageSetPropertiesList":[{"imageSetId":"${imageSetId}","versionId":"1","imageSetState":"ACTIVE","x":${nested(depth)}}]}`,
  getImageSetMetadata: () => `{"Study":{"x":${nested(depth)}}}`,
};

beforeAll(async () => {
  server = await startFaultServer((socket, request) => {
    const operation = request.path.split('/').at(-1) ?? '';
    const body = answers[operation]?.() ?? '';
    const answer = operation === 'getImageSetMetadata' ? gzipSync(body) : body;
    return respond(200, answer, json)(socket, request);
  });
  gateway = await startTestGateway({ endpoint: server.url, datastoreIds: [datastoreId], log: captured.log });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await server.close();
});

const operations = [
  ['a search', '{ imageSets(first: 1) { nodes { imageSetId dicomTags { patientId } } } }', []],
  ['an image set', `{ imageSet(imageSetId: "${imageSetId}") { imageSetId version } }`, []],
  ['versions', `{ imageSet(imageSetId: "${imageSetId}") { versions { nodes { versionId } } } }`, []],
  ['metadata', `{ imageSet(imageSetId: "${imageSetId}") { metadata } }`, ['UPSTREAM_PROTOCOL_ERROR']],
] as const;

describe.each([1_000, 20_000, 400_000])(
  'an answer of HealthImaging that is nested %i levels deep',
  (levels) => {
    test.each(operations)('for %s is no internal error', async (_what, document, codes) => {
      depth = levels;
      captured.clear();
      const { status, body } = await gateway.query(document);
      expect([status, (body.errors ?? []).map(({ extensions }) => extensions.code)]).toEqual([200, codes]);
      expect(captured.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
    });
  },
);

test('metadata that is nested as deep as DICOM sequences are is answered', async () => {
  depth = 100;
  const { body } = await gateway.query(operations[3][1]);
  expect([body.errors, Object.keys(body.data ?? {})]).toEqual([undefined, ['imageSet']]);
});
