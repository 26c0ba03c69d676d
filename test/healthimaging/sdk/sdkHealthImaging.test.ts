import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import type { HealthImaging } from '../../../src/healthimaging/api.ts';
import { createClient } from '../../../src/healthimaging/sdk/client.ts';
import { createSdkHealthImaging } from '../../../src/healthimaging/sdk/sdkHealthImaging.ts';
import { datastoreId } from '../../support/upstream/fakeHealthImaging.ts';
import {
  respond,
  cut,
  json,
  stall,
  startFaultServer,
  type Fault,
  type FaultServer,
} from '../../support/upstream/faultServer.ts';
import { failureOf } from '../../support/gateway/withUpstream.ts';
import { wireDatastore, wirePage } from '../../support/upstream/wireSummaries.ts';

const signal = new AbortController().signal;
const imageSetId = '1'.repeat(32);
const credentials = { accessKeyId: 'AKIDSYNTHETIC', secretAccessKey: 'synthetic' };

async function against(
  fault: Fault,
  use: (api: HealthImaging, server: FaultServer) => Promise<void>,
  options: Parameters<typeof createSdkHealthImaging>[1] = {},
) {
  const server = await startFaultServer(fault);
  const client = createClient({ region: 'us-east-1', endpoint: `${server.url}/`, anonymous: true });
  try {
    await use(createSdkHealthImaging(client, options), server);
  } finally {
    client.destroy();
    await server.close();
  }
}

describe('searchImageSets', () => {
  test('maps a summary to a row with every property; absent and null members become null', async () => {
    await against(
      json({ ...wirePage(1), sort: { sortField: 'updatedAt', sortOrder: 'DESC' } }),
      async (api) => {
        expect(await api.searchImageSets({ datastoreId, criteria: {}, maxResults: 50 }, { signal })).toEqual({
          rows: [
            {
              datastoreId,
              imageSetId: '0'.repeat(32),
              version: 1,
              isPrimary: true,
              storageTier: 'FREQUENT_ACCESS',
              createdAt: '2023-11-17T17:52:02.295Z',
              updatedAt: '2023-11-17T17:52:02.000Z',
              lastAccessedAt: null,
              dicomTags: {
                patientId: 'SAMPLE-0',
                patientName: 'Sample^Ada',
                patientBirthDate: '19700101',
                patientSex: 'F',
                studyInstanceUid: '2.25.1.0',
                studyId: '0',
                studyDescription: 'Synthetic study',
                numberOfStudyRelatedSeries: 2,
                numberOfStudyRelatedInstances: 40,
                accessionNumber: null,
                seriesInstanceUid: '2.25.2.0',
                seriesModality: 'MR',
                seriesBodyPart: 'HEAD',
                seriesNumber: 3,
                studyDate: '20261101',
                studyTime: '101500.000000',
              },
            },
          ],
          sort: { sortField: 'updatedAt', sortOrder: 'DESC' },
          nextToken: null,
        });
      },
    );
  });

  test('sends criteria, size and token as the service model has them, without a host prefix', async () => {
    await against(json(wirePage(0)), async (api, { requests }) => {
      await api.searchImageSets(
        {
          datastoreId,
          criteria: {
            filters: [
              { operator: 'EQUAL', values: [{ DICOMPatientId: 'x' }] },
              { operator: 'BETWEEN', values: [{ createdAt: new Date(1500) }, { createdAt: new Date(2500) }] },
            ],
            sort: { sortField: 'createdAt', sortOrder: 'ASC' },
          },
          maxResults: 7,
          nextToken: 'token',
        },
        { signal },
      );
      expect(requests).toMatchObject([
        {
          method: 'POST',
          path: `/datastore/${datastoreId}/searchImageSets`,
          queryNames: ['maxResults', 'nextToken'],
          maxResults: 7,
        },
      ]);
      expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
        filters: [
          { operator: 'EQUAL', values: [{ DICOMPatientId: 'x' }] },
          { operator: 'BETWEEN', values: [{ createdAt: 1.5 }, { createdAt: 2.5 }] },
        ],
        sort: { sortField: 'createdAt', sortOrder: 'ASC' },
      });
      expect(requests[0]?.headers['authorization']).toBeUndefined();
    });
  });

  test('gives null for a tier and a sort that it does not know', async () => {
    const [summary] = wirePage(1)['imageSetsMetadataSummaries'] as object[];
    const unknown = {
      imageSetsMetadataSummaries: [{ ...summary, storageTier: 'GLACIAL' }],
      sort: { sortField: 'mood', sortOrder: 'ASC' },
    };
    await against(json(unknown), async (api) => {
      const page = await api.searchImageSets({ datastoreId, criteria: {}, maxResults: 50 }, { signal });
      expect([page.rows[0]?.storageTier, page.sort, page.nextToken]).toEqual([null, null, null]);
    });
  });
});

describe('getImageSet, listImageSetVersions and getDatastore', () => {
  const properties = {
    imageSetId,
    versionId: '3',
    imageSetState: 'ACTIVE',
    createdAt: 1.5,
    isPrimary: false,
  };
  const row = {
    imageSetId,
    versionId: '3',
    arn: null,
    state: 'ACTIVE',
    workflowStatus: 'UPDATING_FOR_STUDY_CONSISTENCY',
    createdAt: '1970-01-01T00:00:01.500Z',
    updatedAt: null,
    deletedAt: null,
    message: null,
    isPrimary: false,
    storageTier: null,
    lastAccessedAt: null,
  };

  test('map an image set, even with a status that is newer than the SDK', async () => {
    const wire = { datastoreId, ...properties, imageSetWorkflowStatus: 'UPDATING_FOR_STUDY_CONSISTENCY' };
    await against(json(wire), async (api, { requests }) => {
      expect(await api.getImageSet({ datastoreId, imageSetId, versionId: '3' }, { signal })).toEqual(row);
      expect(requests[0]?.queryNames).toEqual(['version']);
    });
  });

  test('map versions, whose status is written with a capital', async () => {
    const wire = { ...properties, ImageSetWorkflowStatus: 'UPDATING_FOR_STUDY_CONSISTENCY' };
    await against(json({ imageSetPropertiesList: [wire], nextToken: 'next' }), async (api) => {
      expect(await api.listImageSetVersions({ datastoreId, imageSetId, maxResults: 5 }, { signal })).toEqual({
        versions: [row],
        nextToken: 'next',
      });
    });
  });

  test('map a data store', async () => {
    await against(json(wireDatastore), async (api) => {
      expect(await api.getDatastore(datastoreId, { signal })).toEqual({
        datastoreId,
        name: 'synthetic',
        status: 'ACTIVE',
        arn: null,
        createdAt: '2023-11-14T22:13:20.000Z',
        updatedAt: null,
      });
    });
  });

  test.each([
    ['a state that is not known', { ...properties, imageSetState: 'FROZEN' }],
    ['a version that is not a number', { ...properties, versionId: 'latest' }],
    ['another image set than the one asked for', { ...properties, imageSetId: '2'.repeat(32) }],
  ])('refuse %s', async (_what, wire) => {
    await against(json(wire), async (api) => {
      const { code } = await failureOf(api.getImageSet({ datastoreId, imageSetId }, { signal }));
      expect(code).toBe('UPSTREAM_PROTOCOL_ERROR');
    });
  });
});

describe('getImageSetMetadata', () => {
  const document = { SchemaVersion: '1.1', Patient: { DICOM: { PatientName: 'Sample^Zoë' } } };
  const bytes = gzipSync(JSON.stringify(document));
  const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

  test.each([
    ['gzipped', respond(200, bytes, gzip)],
    ['gzipped without a header that says so', respond(200, bytes)],
    ['as it is', respond(200, JSON.stringify(document), { 'content-type': 'text/plain' })],
    ['as it is, though the header says gzip', respond(200, JSON.stringify(document), gzip)],
  ])('reads a document that comes %s', async (_how, fault) => {
    await against(fault, async (api) => {
      const { text } = await api.getImageSetMetadata({ datastoreId, imageSetId }, { signal });
      expect(JSON.parse(Buffer.from(text).toString())).toEqual(document);
    });
  });

  test.each([
    ['an empty body', respond(200)],
    ['gzip that is damaged', respond(200, Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(40, 7)]), gzip)],
    ['gzip that breaks off', respond(200, bytes.subarray(0, -12), gzip)],
    ['a list', respond(200, gzipSync('[]'), gzip)],
    ['a document that is not JSON', respond(200, gzipSync('<xml/>'), gzip)],
    ['a bomb', respond(200, gzipSync(Buffer.alloc(5_000_000, 32)), gzip)],
  ])('refuses %s', async (_what, fault) => {
    await against(
      fault,
      async (api) => {
        const { code } = await failureOf(api.getImageSetMetadata({ datastoreId, imageSetId }, { signal }));
        expect(code).toBe('UPSTREAM_PROTOCOL_ERROR');
      },
      { maximumMetadataBytes: 1_000_000 },
    );
  });

  test('gives up on a body that stalls', async () => {
    const server = await startFaultServer(stall(JSON.stringify(document)));
    const client = createClient({
      region: 'us-east-1',
      endpoint: server.url,
      anonymous: true,
      attemptTimeoutMs: 300,
    });
    const api = createSdkHealthImaging(client);
    const { code } = await failureOf(api.getImageSetMetadata({ datastoreId, imageSetId }, { signal }));
    expect(code).toBe('UPSTREAM_TIMEOUT');
    client.destroy();
    await server.close();
  });

  test('tells a body that broke off from one that is wrong', async () => {
    await against(cut('{"SchemaVersion":'), async (api) => {
      const { code } = await failureOf(api.getImageSetMetadata({ datastoreId, imageSetId }, { signal }));
      expect(code).toBe('UPSTREAM_UNAVAILABLE');
    });
  });
});

describe('an aborted call', () => {
  test.each(['UPSTREAM_TIMEOUT', 'REQUEST_CANCELLED', 'SHUTTING_DOWN'] as const)(
    'fails with the reason of its signal: %s',
    async (code) => {
      await against(
        () => undefined,
        async (api) => {
          const controller = new AbortController();
          const reason = new GatewayError(code);
          const failure = failureOf(api.getDatastore(datastoreId, { signal: controller.signal }));
          setTimeout(() => {
            controller.abort(reason);
          }, 20);
          expect(await failure).toBe(reason);
          expect(await failureOf(api.getDatastore(datastoreId, { signal: controller.signal }))).toBe(reason);
        },
      );
    },
  );
});

describe('createClient', () => {
  test.each([
    ['without an endpoint', { region: 'us-east-1', anonymous: true }],
    [
      'with an endpoint of AWS',
      { region: 'us-east-1', anonymous: true, endpoint: 'https://x.us-east-1.amazonaws.com' },
    ],
    ['with an endpoint that is not a URL', { region: 'us-east-1', endpoint: 'localhost:4000' }],
  ])('refuses anonymous calls or endpoints %s', (_what, options) => {
    expect(() => createClient(options)).toThrow(TypeError);
  });

  test('keeps the host prefix for AWS, and drops it elsewhere', () => {
    const prefixed = (endpoint?: string) => {
      const client = createClient({
        region: 'us-east-1',
        credentials,
        ...(endpoint !== undefined && { endpoint }),
      });
      client.destroy();
      return !client.config.disableHostPrefix;
    };
    expect([
      prefixed(),
      prefixed('https://medical-imaging.us-east-1.amazonaws.com'),
      prefixed('http://127.0.0.1:4000'),
    ]).toEqual([true, true, false]);
  });
});
