import { execute, parse } from 'graphql';

import { expect, test } from '@jest/globals';

import type { Principal } from '../../../src/auth/principal.ts';
import { GatewayError } from '../../../src/errors.ts';
import { parseDocument } from '../../../src/healthimaging/metadata/parseDocument.ts';
import { createMetadataRoom } from '../../../src/healthimaging/metadata/metadataRoom.ts';
import { createTokenLoops } from '../../../src/healthimaging/pages/tokenLoops.ts';
import { createContextFactory } from '../../../src/graphql/createContext.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import type { HealthImaging, ImageSetProperties, ImageSetReference } from '../../../src/healthimaging/api.ts';
import { createPageCache } from '../../../src/healthimaging/pages/pageCache.ts';
import { createCursorSealer } from '../../../src/search/cursor/cursor.ts';
import { createBoundTrials } from '../../../src/search/paging/boundTrials.ts';
import { emptyDicomTags } from '../../support/dicom/emptyDicomTags.ts';
import { datastoreId, fakeHealthImaging, fakeRow } from '../../support/upstream/fakeHealthImaging.ts';

// In process: neither HealthImaging nor the embedded one returns rows of another patient, or corrects an image set between
// two calls.

const [launchPatient, otherPatient] = ['LAUNCH-1', 'OTHER-2'];
const schema = buildSchema();

const principal: Principal = {
  ...{ id: 'user-1', tenant: '', issuer: 'https://issuer.example', subject: 'user-1', clientId: undefined },
  grant: { search: true, read: true, patientId: launchPatient, datastoreIds: [datastoreId] },
};

const rowOf = (number: number, patientId: string | null) =>
  fakeRow(number, { dicomTags: { ...emptyDicomTags, patientId } });

/** The rows that every search finds, and the patient of each version of an image set. */
interface Upstream {
  readonly rows?: readonly ReturnType<typeof rowOf>[];
  readonly patientOf?: (reference: ImageSetReference) => string;
}

async function ask({ rows = [], patientOf = () => launchPatient }: Upstream, document: string) {
  const api: HealthImaging = {
    ...fakeHealthImaging({ rows })[0],
    getImageSet: ({ imageSetId, versionId = '2' }) =>
      Promise.resolve({ imageSetId, versionId } as ImageSetProperties),
    getImageSetMetadata: (reference) =>
      Promise.resolve(
        parseDocument(
          Buffer.from(JSON.stringify({ Patient: { DICOM: { PatientID: patientOf(reference) } } })),
        ),
      ),
  };
  const createContext = createContextFactory({
    api,
    pages: createPageCache({
      fetch: (request, call) => api.searchImageSets(request, call),
      maximumBytes: 0,
      maximumAgeMs: 0,
    }),
    tokenLoops: createTokenLoops(),
    metadataRoom: createMetadataRoom({ requestBytes: 2 ** 26, processBytes: 2 ** 28 }),
    sealer: createCursorSealer({ keys: [Buffer.alloc(32, 5)], now: Date.now }),
    boundTrials: createBoundTrials(),
    auditing: undefined,
    ...{ pageSize: 3, pageFreshMs: 0, pageWalkMs: 0 },
    countClientPage: () => undefined,
  });
  const contextValue = createContext(
    { requestId: 'r', address: '127.0.0.1', principal },
    { signal: new AbortController().signal },
  );
  const { data, errors = [] } = await execute({
    schema,
    document: parse(document),
    contextValue,
  });
  return { data, errors: errors.map(({ path, message }) => ({ path, message })) };
}

const notFound = new GatewayError('NOT_FOUND').message;
const imageSetId = fakeRow(0).imageSetId;

test.each([otherPatient, 'launch-1', 'LAUNCH-1 ', '', null])(
  'a row of %j that HealthImaging finds all the same is none of the patient, on no page',
  async (patientId) => {
    const rows = [launchPatient, patientId, patientId, patientId, patientId, launchPatient].map(
      (each, index) => rowOf(index, each),
    );
    const found = await ask(
      { rows },
      '{ imageSets(first: 5) { nodes { dicomTags { patientId } } pageInfo { hasNextPage } } }',
    );
    const node = { dicomTags: { patientId: launchPatient } };
    expect(found).toEqual({
      data: { imageSets: { nodes: [node, node], pageInfo: { hasNextPage: false } } },
      errors: [],
    });
  },
);

test('metadata is null for an image set that was corrected to another patient after the search', async () => {
  const upstream = { rows: [rowOf(0, launchPatient)], patientOf: () => otherPatient };
  expect(await ask(upstream, '{ imageSets { nodes { imageSetId metadata } } }')).toEqual({
    data: { imageSets: { nodes: [{ imageSetId, metadata: null }] } },
    errors: [{ path: ['imageSets', 'nodes', 0, 'metadata'], message: notFound }],
  });
});

test.each([
  ['1', 'an earlier version of another patient'],
  ['2', 'an earlier version of the patient, corrected to another one since'],
])(
  'a version is read only where it and the newest are of the patient: not with version %s, %s',
  async (of) => {
    const patientOf = ({ versionId = '2' }: ImageSetReference) =>
      versionId === of ? otherPatient : launchPatient;
    const document = `{ imageSet(imageSetId: "${imageSetId}", version: 1) { version metadata } }`;
    expect(await ask({ patientOf }, document)).toEqual({ data: { imageSet: null }, errors: [] });
    expect((await ask({}, document)).data).toMatchObject({ imageSet: { version: 1 } });
  },
);
