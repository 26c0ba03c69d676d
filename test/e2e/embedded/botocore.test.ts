import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { paginateSearchImageSets, type SearchCriteria } from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { dicomFile, TestBuckets } from '../../support/gateway/buckets.ts';
import { manyImageSets, syntheticInstance, withLocal, type Local } from '../../support/gateway/withLocal.ts';

const contract = new URL('../../../../shared/contract/', import.meta.url);
const scripts = new URL('./botocore/', import.meta.url);

async function python(
  interpreter: string,
  words: readonly string[],
  input = '',
): Promise<{ code: unknown; out: string }> {
  const child = spawn(interpreter, ['-B', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  child.stdin.on('error', () => undefined).end(input);
  const out = await text(child.stdout);
  return { code: await ended, out };
}

function interpreters(): string[] {
  const versions = join(homedir(), '.pyenv', 'versions');
  try {
    const pyenv = readdirSync(versions).map((name) => join(versions, name, 'bin', 'python3'));
    return ['python3', '/usr/bin/python3', ...pyenv];
  } catch {
    return ['python3', '/usr/bin/python3'];
  }
}

/** A Python whose botocore has medical-imaging; otherwise any with botocore, which is given the model. */
async function findPython(): Promise<string> {
  const probe =
    'import botocore.session as s; print("medical-imaging" in s.Session().get_available_services())';
  let second: string | undefined;
  for (const interpreter of interpreters()) {
    const { out } = await python(interpreter, ['-c', `try:\n  ${probe}\nexcept ImportError: pass`]);
    if (out.trim() === 'True') return interpreter;
    if (out.trim() === 'False') second ??= interpreter;
  }
  if (second !== undefined) return second;
  throw new Error('Expected a python3 with botocore: apt-get install python3-boto3, or pip install boto3.');
}

/** The same searches for both clients. Python gets times as {"$time": seconds}. */
const criteria: readonly (readonly [title: string, criteria: SearchCriteria | undefined])[] = [
  ['no criteria', undefined],
  ['EQUAL on a patient', { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: 'PATIENT-3' }] }] }],
  [
    'EQUAL on a flag, with a sort',
    {
      filters: [{ operator: 'EQUAL', values: [{ isPrimary: true }] }],
      sort: { sortField: 'createdAt', sortOrder: 'ASC' },
    },
  ],
  [
    // A whole minute, since botocore truncates times in requests to seconds.
    'EQUAL on a time',
    { filters: [{ operator: 'EQUAL', values: [{ createdAt: new Date(Date.UTC(2026, 0, 1) + 60_000) }] }] },
  ],
  [
    'BETWEEN on updatedAt, with an EQUAL',
    {
      filters: [
        {
          operator: 'BETWEEN',
          values: [
            { updatedAt: new Date(Date.UTC(2026, 0, 1)) },
            { updatedAt: new Date(Date.UTC(2026, 0, 1, 4)) },
          ],
        },
        { operator: 'EQUAL', values: [{ DICOMStudyInstanceUID: '1.2.3.7' }] },
      ],
    },
  ],
  [
    'BETWEEN on study dates, in their order',
    {
      filters: [
        {
          operator: 'BETWEEN',
          values: [
            { DICOMStudyDateAndTime: { DICOMStudyDate: '20260102' } },
            { DICOMStudyDateAndTime: { DICOMStudyDate: '20260103', DICOMStudyTime: '101500' } },
          ],
        },
      ],
      sort: { sortField: 'DICOMStudyDateAndTime', sortOrder: 'DESC' },
    },
  ],
];

describe('botocore on the local HealthImaging', () => {
  let interpreter: string;
  let local: Local;

  beforeAll(async () => {
    interpreter = await findPython();
    const imageSets = manyImageSets(523).map((_, index) => ({
      createdAt: Date.UTC(2026, 0, 1) + index * 60_000,
      isPrimary: index % 9 !== 0,
      tags: {
        DICOMStudyDate: `2026010${(index % 4) + 1}`,
        DICOMStudyTime: index % 2 === 0 ? '101500' : '101500.5',
      },
    }));
    local = await withLocal({ imageSets });
  });
  afterAll(() => local.close());

  async function run(script: string, task: object, { url, datastoreId } = local): Promise<unknown> {
    const { code, out } = await python(
      interpreter,
      [fileURLToPath(new URL(script, scripts))],
      JSON.stringify(
        {
          url,
          datastoreId,
          model: fileURLToPath(new URL('service-model.json', contract)),
          paginators: fileURLToPath(new URL('paginators.json', contract)),
          ...task,
        },
        // As a value, a replacer gets a Date only after toJSON made it text.
        function (this: Record<string, unknown>, key, value: unknown) {
          const original = this[key];
          return original instanceof Date ? { $time: original.getTime() / 1000 } : value;
        },
      ),
    );
    if (code !== 0) throw new Error(`Expected ${script} to run, but it ended with ${String(code)}.`);
    return JSON.parse(out);
  }

  async function byTheJavaScriptClient(searchCriteria: SearchCriteria | undefined): Promise<string[]> {
    const ids: string[] = [];
    const { client, datastoreId } = local;
    const pages = paginateSearchImageSets(
      { client, pageSize: 50 },
      { datastoreId, ...(searchCriteria && { searchCriteria }) },
    );
    for await (const { imageSetsMetadataSummaries = [] } of pages) {
      ids.push(...imageSetsMetadataSummaries.map(({ imageSetId = '' }) => imageSetId));
    }
    return ids;
  }

  test.each(criteria)('its paginator finds the same rows in the same order: %s', async (_title, searched) => {
    const expected = await byTheJavaScriptClient(searched);
    expect(expected.length).toBeGreaterThan(0);
    const shared = searched === undefined ? {} : { criteria: searched };
    const searches = [1, 7, 50].map((pageSize) => ({ ...shared, pageSize }));
    const found = (await run('search.py', { searches })) as string[][][];
    expect(found.map((pages) => pages.flat())).toEqual([expected, expected, expected]);
    expect(found.map((pages) => pages.length)).toEqual(
      [1, 7, 50].map((size) => Math.ceil(expected.length / size)),
    );
  });

  test('its own resume tokens continue where a part ended, also within a page', async () => {
    const expected = await byTheJavaScriptClient(undefined);
    const searches = [
      { pageSize: 50, maxItems: 75 },
      { pageSize: 7, maxItems: 100 },
      { pageSize: 50, maxItems: 20 },
    ];
    const found = (await run('search.py', { searches })) as string[][][];
    expect(found.map((parts) => parts.flat())).toEqual([expected, expected, expected]);
    expect(found.map(([first]) => first?.length)).toEqual([75, 100, 20]);
  });

  test('it makes data stores, imports by jobs, and tags', async () => {
    await using folder = await withLocal({ onDisk: true });
    await new TestBuckets(folder.directory).put('bucket/in/1.dcm', dicomFile(1, 1));
    const found = (await run('resources.py', {}, folder)) as {
      made: { datastoreId: string };
      started: { jobId: string };
    };
    const { datastoreId } = found.made;
    const { jobId } = found.started;
    expect(found).toMatchObject({
      made: { datastoreStatus: 'CREATING' },
      started: { datastoreId, jobStatus: 'SUBMITTED' },
      job: {
        jobName: 'my-job',
        jobStatus: 'COMPLETED',
        inputS3Uri: 's3://bucket/in/',
        outputS3Uri: `s3://bucket/out/${datastoreId}-DicomImport-${jobId}/`,
      },
      jobs: [jobId],
      tags: [{ Made: 'yes', Deployment: 'Development' }, {}],
      deleted: { datastoreStatus: 'DELETING' },
      errors: [
        ['ConflictException', 'ConflictException', 409, 'The data store has image sets. Delete them first.'],
        ['ResourceNotFoundException', 'ResourceNotFoundException', 404, 'Import job not found.'],
      ],
    });
  });

  test('it reads the responses of all other operations, and raises errors as its own exceptions', async () => {
    const now = Date.UTC(2026, 1, 1);
    const uids = { study: '9.1', series: '9.1.1', instance: '9.1.1.1' };
    const importRun = startImportRun();
    takeInstances(local.store, importRun, [syntheticInstance(uids)], now);
    const [imageSetId = ''] = importRun.outcomes.keys();
    const found = await run('reads.py', { imageSetId });
    const { datastoreId } = local;
    const { arn, createdAt, updatedAt } = local.store.datastore;
    const datastore = {
      datastoreId,
      datastoreName: 'local',
      datastoreStatus: 'ACTIVE',
      datastoreArn: arn,
      createdAt: createdAt / 1000,
      updatedAt: updatedAt / 1000,
    };
    const times = { createdAt: now / 1000, updatedAt: now / 1000 };
    const version = { imageSetId, versionId: '1', imageSetState: 'ACTIVE', isPrimary: true, ...times };
    expect(found).toMatchObject({
      datastore: { datastoreProperties: datastore },
      datastores: { datastoreSummaries: [datastore] },
      imageSet: { datastoreId, ...version, imageSetWorkflowStatus: 'CREATED' },
      versions: { imageSetPropertiesList: [{ ...version, ImageSetWorkflowStatus: 'CREATED' }] },
      metadata: {
        contentType: 'application/json',
        contentEncoding: 'gzip',
        document: { DatastoreID: datastoreId, ImageSetID: imageSetId },
      },
      errors: [
        ['ResourceNotFoundException', 'ResourceNotFoundException', 404, 'Image set not found.'],
        ['ValidationException', 'ValidationException', 400, expect.stringContaining("'maxResults'")],
        ['ValidationException', 'ValidationException', 400, 'Invalid nextToken'],
        [
          'ValidationException',
          'ValidationException',
          400,
          'GetImageFrame is not supported by the local HealthImaging.',
        ],
      ],
    });
  });

  test('it copies, updates and deletes image sets', async () => {
    const uids = { study: '9.2', series: '9.2.1', instance: '9.2.1.1' };
    const importRun = startImportRun();
    takeInstances(local.store, importRun, [syntheticInstance(uids)], Date.now());
    const [imageSetId = ''] = importRun.outcomes.keys();
    expect(await run('edits.py', { imageSetId })).toMatchObject({
      copied: {
        sourceImageSetProperties: { imageSetId, imageSetWorkflowStatus: 'COPYING_WITH_READ_ONLY_ACCESS' },
        destinationImageSetProperties: { latestVersionId: '1', imageSetWorkflowStatus: 'COPYING' },
      },
      copy: { versionId: '1', imageSetWorkflowStatus: 'COPIED', isPrimary: false },
      source: { versionId: '1', imageSetState: 'ACTIVE' },
      updating: { latestVersionId: '2', imageSetState: 'LOCKED', imageSetWorkflowStatus: 'UPDATING' },
      updated: { versionId: '2', imageSetState: 'ACTIVE', imageSetWorkflowStatus: 'UPDATED' },
      stale: ['ConflictException', 'ConflictException', 409, expect.any(String) as unknown],
      deleting: { imageSetState: 'LOCKED', imageSetWorkflowStatus: 'DELETING' },
      deleted: { imageSetState: 'DELETED', imageSetWorkflowStatus: 'DELETED' },
    });
  });
});
