import { gzipSync } from 'node:zlib';

import { GetDatastoreCommand, MedicalImagingClient } from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError } from '../../../src/errors.ts';
import type { HealthImaging, SearchPage } from '../../../src/healthimaging/api.ts';
import { createClient } from '../../../src/healthimaging/sdk/client.ts';
import { httpStatusOf } from '../../../src/healthimaging/sdk/failure.ts';
import { readPlainJson } from '../../../src/healthimaging/sdk/plainJson.ts';
import { createSdkHealthImaging } from '../../../src/healthimaging/sdk/sdkHealthImaging.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import {
  exception,
  json,
  respond,
  startFaultServer,
  type Fault,
  type FaultServer,
} from '../../support/upstream/faultServer.ts';

/*
 * The contract of plainJson.ts, which replaces a method of the SDK's protocol: over the same wire, the client that it has
 * changed and the client as the SDK makes it come to the same results and the same errors.
 */

const options = { signal: new AbortController().signal };
const credentials = { accessKeyId: 'AKIDSYNTHETIC', secretAccessKey: 'synthetic' };
const imageSetId = '1'.repeat(32);

let server: FaultServer;
let stock: HealthImaging;
let changed: HealthImaging;
let destroy: () => void;

beforeAll(async () => {
  server = await startFaultServer(json({}));
  const { url: endpoint } = server;
  const region = 'us-east-1';
  const clients = [
    new MedicalImagingClient({ region, endpoint, disableHostPrefix: true, maxAttempts: 1, credentials }),
    createClient({ region, endpoint, credentials }),
  ] as const;
  stock = createSdkHealthImaging(clients[0]);
  changed = createSdkHealthImaging(clients[1]);
  destroy = () => {
    for (const client of clients) client.destroy();
  };
});

afterAll(async () => {
  destroy();
  await server.close();
});

/* Responses by the service model's shapes, nulls and absent members among them. */

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 10 }));
const identifier = fc.stringMatching(/^[0-9a-z]{32}$/);
const seconds = fc.oneof(
  fc.double({ min: 0, max: 253_402_300_799, noNaN: true }),
  fc.integer({ min: -62_000_000_000, max: 253_402_300_799 }),
  fc.integer({ min: 0, max: 4_000_000_000_000 }).map((milliseconds) => milliseconds / 1000),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 4 });
const nextToken = maybe(fc.string({ minLength: 1 }));
const storageTier = maybe(fc.constantFrom('FREQUENT_ACCESS', 'ARCHIVE_INSTANT_ACCESS', 'OF_TOMORROW'));
const unknownMember = fc.constant('new');

/** The members named are always there. */
function shape(
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  ...requiredKeys: string[]
): fc.Arbitrary<unknown> {
  return fc.record(members, { requiredKeys });
}

const textTags = Object.fromEntries(
  [
    ...['PatientId', 'PatientName', 'PatientBirthDate', 'PatientSex', 'StudyInstanceUID', 'StudyId'],
    ...['StudyDescription', 'AccessionNumber', 'SeriesInstanceUID', 'SeriesModality', 'SeriesBodyPart'],
    ...['StudyDate', 'StudyTime'],
  ].map((name) => [`DICOM${name}`, maybe(text)]),
);
const summary = shape(
  {
    imageSetId: identifier,
    version: maybe(fc.integer({ min: 1, max: 1000 })),
    createdAt: maybe(seconds),
    updatedAt: maybe(seconds),
    lastAccessedAt: maybe(seconds),
    isPrimary: maybe(fc.boolean()),
    storageTier,
    DICOMTags: maybe(
      shape({
        ...textTags,
        DICOMNumberOfStudyRelatedSeries: maybe(fc.nat(1_000_000)),
        DICOMNumberOfStudyRelatedInstances: maybe(fc.nat(1_000_000)),
        DICOMSeriesNumber: maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
        unknownMember,
      }),
    ),
  },
  'imageSetId',
);
const sort = maybe(
  shape({
    sortField: maybe(fc.constantFrom('updatedAt', 'createdAt', 'DICOMStudyDateAndTime', 'ofTomorrow')),
    sortOrder: maybe(fc.constantFrom('ASC', 'DESC')),
  }),
);

/** What shapes GetImageSetResponse and ImageSetProperties have in common, but for a name. */
const versionMembers = {
  imageSetId: fc.constant(imageSetId),
  versionId: fc.nat().map(String),
  imageSetState: fc.constantFrom('ACTIVE', 'LOCKED', 'DELETED'),
  createdAt: maybe(seconds),
  updatedAt: maybe(seconds),
  deletedAt: maybe(seconds),
  message: maybe(text),
  isPrimary: maybe(fc.boolean()),
  overrides: maybe(shape({ forced: maybe(fc.boolean()) })),
  unknownMember,
};
const workflowStatus = maybe(fc.constantFrom('CREATED', 'UPDATING_FOR_STUDY_CONSISTENCY', 'OF_TOMORROW'));
const requiredOfVersion = ['imageSetId', 'versionId', 'imageSetState'];
const imageSet = shape(
  {
    ...versionMembers,
    datastoreId: identifier,
    imageSetWorkflowStatus: workflowStatus,
    imageSetArn: maybe(text),
    storageTier,
    lastAccessedAt: maybe(seconds),
  },
  ...requiredOfVersion,
);
const version = shape({ ...versionMembers, ImageSetWorkflowStatus: workflowStatus }, ...requiredOfVersion);

interface Operation {
  readonly operation: keyof HealthImaging;
  readonly read: (api: HealthImaging) => Promise<unknown>;
  /** Bodies of a 200. */
  readonly responses: fc.Arbitrary<unknown>;
  readonly respondWith?: (body: unknown) => Fault;
}

const operations: readonly Operation[] = [
  {
    operation: 'searchImageSets',
    read: (api) => api.searchImageSets({ datastoreId, criteria: {}, maxResults: 50 }, options),
    responses: shape(
      { imageSetsMetadataSummaries: fc.array(summary, { maxLength: 5 }), sort, nextToken, unknownMember },
      'imageSetsMetadataSummaries',
    ),
  },
  {
    operation: 'getImageSet',
    read: (api) => api.getImageSet({ datastoreId, imageSetId }, options),
    responses: imageSet,
  },
  {
    operation: 'listImageSetVersions',
    read: (api) => api.listImageSetVersions({ datastoreId, imageSetId, maxResults: 50 }, options),
    responses: shape(
      {
        imageSetPropertiesList: fc.array(version, { maxLength: 5 }),
        nextToken,
        unknownMember,
      },
      'imageSetPropertiesList',
    ),
  },
  {
    operation: 'getDatastore',
    read: (api) => api.getDatastore(datastoreId, options),
    responses: shape(
      {
        datastoreProperties: shape(
          {
            datastoreId: fc.constant(datastoreId),
            datastoreName: text.filter((name) => name !== ''),
            datastoreStatus: fc.constantFrom('CREATING', 'CREATE_FAILED', 'ACTIVE', 'DELETING', 'DELETED'),
            datastoreArn: maybe(text),
            kmsKeyArn: maybe(text),
            createdAt: maybe(seconds),
            updatedAt: maybe(seconds),
            unknownMember,
          },
          ...['datastoreId', 'datastoreName', 'datastoreStatus'],
        ),
      },
      'datastoreProperties',
    ),
  },
  {
    operation: 'getImageSetMetadata',
    read: (api) => api.getImageSetMetadata({ datastoreId, imageSetId }, options),
    responses: fc.dictionary(fc.string(), fc.jsonValue()),
    respondWith: (body) =>
      respond(200, gzipSync(JSON.stringify(body)), {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      }),
  },
];

/** What the caller is given, or, of a failure, all that decides on retries, waits and the log. */
/** A page that can be read from its response once more is the same then. */
function readAgain(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('unread' in result)) return result;
  const { unread, ...page } = result as SearchPage;
  expect(unread?.read()).toEqual(page);
  return page;
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return readAgain(await call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { code, message, retryable, retryAfterMs, cause } = error;
    const status = httpStatusOf(cause) ?? 0;
    const outcome = { code, message, retryable, retryAfterMs };
    // Of a 200 in another form, the two see different members that are wrong.
    return status < 300 ? outcome : { ...outcome, status, name: (cause as Error).name };
  }
}

describe.each(operations)('$operation', ({ read, responses, respondWith = json }) => {
  test('has the same result for every response of its shape', async () => {
    await fc.assert(
      fc.asyncProperty(responses, async (body) => {
        server.script(respondWith(body));
        const result = await outcomeOf(read(changed));
        expect(result).toEqual(await outcomeOf(read(stock)));
        expect(result).not.toHaveProperty('code');
      }),
      { numRuns: 150 },
    );
  });

  test.each<[string, Fault]>([
    ['a 400 of the model', exception(400, 'ValidationException')],
    ['a 400 of another name', exception(400, 'SampleException')],
    ['a 400 without a name', json({}, 400)],
    ['a 400 with HTML', respond(400, '<html></html>')],
    ['a 401', respond(401, '{}')],
    ['a 402', exception(402, 'ServiceQuotaExceededException')],
    ['a 403', exception(403, 'AccessDeniedException')],
    ['a 403 named in its body', json({ __type: 'com.amazonaws#ExpiredTokenException', message: 'x' }, 403)],
    ['a 403 with HTML', respond(403, '<html></html>')],
    ['a 404', exception(404, 'ResourceNotFoundException')],
    ['a 404 with HTML', respond(404, '<html></html>')],
    ['a 409', exception(409, 'ConflictException')],
    ['a 429 that says when', exception(429, 'ThrottlingException', { 'retry-after': '7' })],
    ['a 429 without a body', respond(429)],
    ['a 500', exception(500, 'InternalServerException')],
    ['a 502 with HTML', respond(502, '<html></html>')],
    ['a 503 without a body', respond(503)],
    ['a redirect', respond(302, '', { location: 'http://127.0.0.1:9/' })],
    ['a 200 without a body', respond(200)],
    ['a 204', respond(204)],
    ['a 200 with null', respond(200, 'null')],
    ['a 200 with a list', respond(200, '[]')],
    ['a 200 with text', respond(200, '"text"')],
    ['a 200 with HTML', respond(200, '<html></html>', { 'content-type': 'text/html' })],
    ['a 200 with JSON that breaks off', respond(200, '{"nextToken":')],
    ['a 200 without any member', json({})],
  ])('ends alike for %s', async (_what, fault) => {
    server.script(fault);
    expect(await outcomeOf(read(changed))).toEqual(await outcomeOf(read(stock)));
  });
});

test('the changed client leaves a response as it is on the wire', async () => {
  const client = createClient({ region: 'us-east-1', endpoint: server.url, credentials });
  server.script(json({ datastoreProperties: { createdAt: 1.5 } }, 200, { 'x-amzn-requestid': 'id' }));
  expect(await client.send(new GetDatastoreCommand({ datastoreId }))).toMatchObject({
    datastoreProperties: { createdAt: 1.5 },
    $metadata: { httpStatusCode: 200, requestId: 'id' },
  });
  client.destroy();
});

test('a client without such a protocol is refused', () => {
  const client = { config: { protocol: {} } } as unknown as MedicalImagingClient;
  expect(() => {
    readPlainJson(client);
  }).toThrow(TypeError);
});
