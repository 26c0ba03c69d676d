import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  startRecordingProxy,
  type RecordingProxy,
  type UpstreamCall,
} from '../support/upstream/recordingProxy.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../support/gateway/testGateway.ts';
import { withLocal, type Local, type SyntheticImageSet } from '../support/gateway/withLocal.ts';

/**
 * A golden query: `name.graphql` beside `name.json`, which holds its variables, its result and the calls that it caused,
 * as they reached HealthImaging. `UPDATE_GOLDEN=1 npm run test:jest -- goldenQueries` writes them anew, for review.
 */
interface Golden {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly result: GraphqlResult;
  readonly upstream: readonly UpstreamCall[];
}

const directory = new URL('../queries/', import.meta.url);
const names = readdirSync(directory)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length));

const at = (text: string) => Date.parse(text);

/** Five series of three studies, of two patients and of one with unusual text. */
const imageSets: readonly SyntheticImageSet[] = [
  {
    studyInstanceUid: '1.2.3.1',
    seriesInstanceUid: '1.2.3.1.1',
    version: 3,
    createdAt: at('2026-11-02T08:00:00.250Z'),
    updatedAt: at('2026-11-05T00:00:00Z'),
    lastAccessedAt: at('2026-11-06T12:00:00.001Z'),
    tags: {
      DICOMPatientId: 'PATIENT-A',
      DICOMPatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
      DICOMPatientBirthDate: '19700101',
      DICOMPatientSex: 'O',
      DICOMStudyId: 'STUDY-1',
      DICOMStudyDescription: 'Chest "routine"',
      DICOMNumberOfStudyRelatedSeries: 2,
      DICOMNumberOfStudyRelatedInstances: 40,
      DICOMAccessionNumber: 'ACC 1',
      DICOMSeriesModality: 'CT',
      DICOMSeriesBodyPart: 'CHEST',
      DICOMSeriesNumber: 11,
      DICOMStudyDate: '20261101',
      DICOMStudyTime: '081500.500000',
    },
  },
  {
    studyInstanceUid: '1.2.3.1',
    seriesInstanceUid: '1.2.3.1.2',
    createdAt: at('2026-11-02T09:00:00Z'),
    updatedAt: at('2026-11-04T00:00:00Z'),
    tags: {
      DICOMPatientId: 'PATIENT-A',
      DICOMSeriesNumber: 12,
      DICOMStudyDate: '20261101',
      DICOMStudyTime: '2359',
    },
  },
  {
    studyInstanceUid: '1.2.3.2',
    seriesInstanceUid: '1.2.3.2.1',
    createdAt: at('2026-11-03T00:00:00Z'),
    updatedAt: at('2026-11-07T00:00:00Z'),
    tags: {
      DICOMPatientId: 'PATIENT-B',
      DICOMStudyId: 'STUDY-2',
      DICOMSeriesNumber: 21,
      DICOMStudyDate: '20261102',
    },
  },
  {
    studyInstanceUid: '1.2.3.2',
    seriesInstanceUid: '1.2.3.2.2',
    isPrimary: false,
    createdAt: at('2026-11-04T00:00:00Z'),
    updatedAt: at('2026-11-08T00:00:00Z'),
    tags: {
      DICOMPatientId: 'PATIENT-B',
      DICOMSeriesNumber: 22,
      DICOMStudyDate: '20261103',
      DICOMStudyTime: '000000',
    },
  },
  {
    studyInstanceUid: '1.2.3.3',
    seriesInstanceUid: '1.2.3.3.1',
    createdAt: at('2026-11-05T00:00:00Z'),
    updatedAt: at('2026-11-09T00:00:00Z'),
    tags: {
      DICOMPatientId: '"O\'Brien" \\ 1',
      DICOMPatientName: '山田^太郎',
      DICOMStudyDate: 'not-a-date',
      DICOMStudyDescription: 'a\\b\n"quoted" \u0007',
      DICOMSeriesNumber: 31,
    },
  },
];

let local: Local;
let upstream: RecordingProxy;

beforeAll(async () => {
  local = await withLocal({ imageSets });
  upstream = await startRecordingProxy(local.url);
});

afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

function readGolden(name: string): Partial<Golden> {
  const file = new URL(`${name}.json`, directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Golden>) : {};
}

describe.each([
  ['as ever', true],
  ['by graphql-js alone', false],
])('golden queries, answered %s', (_how, projection) => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startTestGateway({
      ...{ endpoint: upstream.url, datastoreIds: [local.datastoreId], projection },
      // No cache: the calls of a query must not depend on the query before it.
      environment: { PAGE_CACHE_BYTES: '0' },
    });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  test.each(names)('%s', async (name) => {
    const { variables, ...golden } = readGolden(name);
    const document = readFileSync(new URL(`${name}.graphql`, directory), 'utf8');
    upstream.take();
    const { body: result } = await gateway.query(document, variables);
    const calls = upstream
      .take()
      .map((call) => ({ ...call, path: call.path.replace(local.datastoreId, '{datastoreId}') }));
    const actual = { result, upstream: calls };
    if (process.env['UPDATE_GOLDEN'] === '1') {
      const kept = { ...(variables !== undefined && { variables }), ...actual };
      writeFileSync(new URL(`${name}.json`, directory), `${JSON.stringify(kept, null, 2)}\n`);
    } else {
      expect(actual).toEqual(golden);
    }
  });
});
