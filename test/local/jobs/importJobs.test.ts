import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  ConflictException,
  GetDICOMImportJobCommand,
  GetImageSetCommand,
  ResourceNotFoundException,
  StartDICOMImportJobCommand,
  ValidationException,
  type DICOMImportJobProperties,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { readWarnings } from '../../../src/local/dicom/read/readWarnings.ts';
import { dicomFile, roleArn, startJob, TestBuckets, untilJob } from '../../support/gateway/buckets.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

describe('import jobs', () => {
  let local: Local & { readonly directory: string };
  let buckets: TestBuckets;
  let time: number;

  beforeEach(async () => {
    time = Date.UTC(2026, 0, 1);
    local = await withLocal({ onDisk: true, now: () => (time += 1) });
    buckets = new TestBuckets(local.directory);
  });
  afterEach(() => local.close());

  const start = (input: Parameters<typeof startJob>[2] = {}) =>
    startJob(local.client, local.datastoreId, input);
  const ended = (jobId: string) => untilJob(local.client, local.datastoreId, jobId);
  const run = async (input: Parameters<typeof startJob>[2] = {}) => ended(await start(input));
  const manifest = async ({ outputS3Uri = '' }: DICOMImportJobProperties) => {
    const { jobSummary } = JSON.parse(await buckets.get(`${outputS3Uri}job-output-manifest.json`)) as {
      jobSummary: Record<string, unknown>;
    };
    return jobSummary;
  };
  const versionOf = async (imageSetId: string) => {
    const command = new GetImageSetCommand({ datastoreId: local.datastoreId, imageSetId });
    return (await local.client.send(command)).versionId;
  };

  test('import what lies below a prefix, and say what came of each file', async () => {
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
    await buckets.put('bucket/in/deep/2.dcm', dicomFile(1, 2));
    await buckets.put('bucket/in/deep/other.dcm', dicomFile(1, 3, { PatientID: 'P2' }));
    await buckets.put(
      'bucket/in/bare.dcm',
      dicomFile(1, 4).subarray(132 + 12 + dicomFile(1, 4).readUInt32LE(140)),
    );
    await buckets.put('bucket/in/notes.txt', 'no DICOM');
    await buckets.put('bucket/elsewhere.dcm', dicomFile(2, 1));
    const answer = await local.client.send(
      new StartDICOMImportJobCommand({
        jobName: 'my-job',
        datastoreId: local.datastoreId,
        dataAccessRoleArn: roleArn,
        inputS3Uri: 's3://bucket/in/',
        outputS3Uri: 's3://bucket/out/here/',
        clientToken: undefined,
      }),
    );
    const { jobId = '', submittedAt } = answer;
    expect(answer).toMatchObject({ datastoreId: local.datastoreId, jobStatus: 'SUBMITTED' });
    expect(jobId).toMatch(/^[0-9a-f]{32}$/);
    const job = await ended(jobId);
    const output = `s3://bucket/out/here/${local.datastoreId}-DicomImport-${jobId}/`;
    expect(job).toEqual({
      jobId,
      jobName: 'my-job',
      jobStatus: 'COMPLETED',
      datastoreId: local.datastoreId,
      dataAccessRoleArn: roleArn,
      submittedAt,
      endedAt: expect.any(Date) as unknown,
      inputS3Uri: 's3://bucket/in/',
      outputS3Uri: output,
    });
    const imported = await buckets.lines(`${output}SUCCESS/success.ndjson`);
    expect(imported).toEqual([
      {
        inputFile: 'in/1.dcm',
        importResponse: { imageSetId: expect.any(String) as unknown, imageSetVersion: 1, isPrimary: true },
      },
      {
        inputFile: 'in/deep/2.dcm',
        importResponse: { imageSetId: expect.any(String) as unknown, imageSetVersion: 1, isPrimary: true },
      },
      {
        inputFile: 'in/deep/other.dcm',
        importResponse: { imageSetId: expect.any(String) as unknown, imageSetVersion: 1, isPrimary: false },
      },
    ]);
    expect(await buckets.lines(`${output}FAILURE/failure.ndjson`)).toEqual([
      {
        inputFile: 'in/bare.dcm',
        exception: {
          exceptionType: 'ValidationException',
          message: 'DICOM attribute TransferSyntaxUID does not exist',
        },
      },
      {
        inputFile: 'in/notes.txt',
        exception: { exceptionType: 'ValidationException', message: 'DICOM attributes does not exist' },
      },
    ]);
    const [first, , third] = imported as { importResponse: { imageSetId: string } }[];
    expect(await manifest(job)).toEqual({
      jobId,
      datastoreId: local.datastoreId,
      inputS3Uri: 's3://bucket/in/',
      outputS3Uri: output,
      successOutputS3Uri: `${output}SUCCESS/`,
      failureOutputS3Uri: `${output}FAILURE/`,
      warningsOutputS3Uri: `${output}WARNING/`,
      numberOfScannedFiles: 5,
      numberOfImportedFiles: 3,
      numberOfFilesWithCustomerError: 2,
      numberOfFilesWithServerError: 0,
      numberOfGeneratedImageSets: 2,
      imageSetsSummary: [
        {
          imageSetId: first?.importResponse.imageSetId,
          imageSetVersion: 1,
          isPrimary: true,
          numberOfMatchedSOPInstances: 2,
        },
        {
          imageSetId: third?.importResponse.imageSetId,
          imageSetVersion: 1,
          isPrimary: false,
          numberOfMatchedSOPInstances: 1,
        },
      ],
    });
    expect(await versionOf(first?.importResponse.imageSetId ?? '')).toBe('1');
  });

  test('raise the version of an image set once, and not at all for instances that it has', async () => {
    for (const instance of [1, 2, 3]) await buckets.put(`bucket/${instance}/x.dcm`, dicomFile(1, instance));
    const versions: unknown[] = [];
    for (const inputS3Uri of ['s3://bucket/1', 's3://bucket/1', 's3://bucket/2', 's3://bucket/3/x.dcm']) {
      const { imageSetsSummary } = await manifest(await run({ inputS3Uri }));
      versions.push(imageSetsSummary);
    }
    expect(versions).toMatchObject([1, 1, 2, 3].map((imageSetVersion) => [{ imageSetVersion }]));
  });

  test('warn of files that are not as DICOM has them', async () => {
    const pixels = { PixelData: { vr: 'OW', value: Buffer.alloc(4) } };
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
    await buckets.put('bucket/in/2.dcm', Buffer.concat([dicomFile(1, 2, pixels), Buffer.from('<!-- -->')]));
    const { outputS3Uri = '' } = await run();
    expect(await buckets.lines(`${outputS3Uri}WARNING/warning.ndjson`)).toEqual([
      {
        inputFile: 'in/2.dcm',
        importResponse: {
          imageSetId: expect.any(String) as unknown,
          imageSetVersion: 1,
          isPrimary: true,
          warnings: [
            {
              warning_reason_code: 45062,
              type: 'ElementsDiscarded',
              message: readWarnings.trailingBytes.message,
            },
          ],
        },
      },
    ]);
  });

  test('complete even where no file could be imported', async () => {
    await buckets.put('bucket/in/notes.txt', 'no DICOM');
    const job = await run();
    expect(job.jobStatus).toBe('COMPLETED');
    expect(await manifest(job)).toMatchObject({
      numberOfImportedFiles: 0,
      numberOfFilesWithCustomerError: 1,
    });
  });

  test('refuse links that lead out of the folder of buckets', async () => {
    const outside = join(local.directory, 'secret.dcm');
    await writeFile(outside, dicomFile(1, 1));
    await buckets.put('bucket/in/a.dcm', dicomFile(2, 1));
    await symlink(outside, buckets.path('bucket/in/b.dcm'));
    const job = await run();
    expect(await manifest(job)).toMatchObject({
      numberOfImportedFiles: 1,
      numberOfFilesWithCustomerError: 1,
    });
    expect(await buckets.lines(`${job.outputS3Uri ?? ''}FAILURE/failure.ndjson`)).toMatchObject([
      { inputFile: 'in/b.dcm', exception: { exceptionType: 'AccessDeniedException' } },
    ]);
  });

  test.each([
    [
      'the input is not there',
      { inputS3Uri: 's3://bucket/absent' },
      true,
      /^The input bucket or prefix does not exist\.$/,
    ],
    ['the input has no files', { inputS3Uri: 's3://empty' }, true, /^The input prefix has no files\.$/],
    [
      'the output bucket is not there',
      { outputS3Uri: 's3://absent/out' },
      false,
      /^The output bucket does not exist, or/,
    ],
  ])('fail where %s', async (_title, input, writes, message) => {
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
    await buckets.put('empty/x', '');
    await rm(buckets.path('empty/x'));
    const job = await run(input);
    expect(job).toMatchObject({ jobStatus: 'FAILED', message: expect.stringMatching(message) as unknown });
    expect(job.message).toMatch(/^[\w -:`]+$/);
    if (!writes) return;
    expect(await manifest(job)).toMatchObject({ numberOfScannedFiles: 0, imageSetsSummary: [] });
    expect(await buckets.lines(`${job.outputS3Uri ?? ''}FAILURE/failure.ndjson`)).toEqual([]);
  });

  test.each([
    ['a key that leaves the bucket', { inputS3Uri: 's3://bucket/../other' }],
    ['an output that leaves the bucket', { outputS3Uri: 's3://bucket/a/../../x' }],
    ['a bucket that there cannot be', { inputS3Uri: 's3://B/x' }],
    ['a role that is none', { dataAccessRoleArn: 'arn:aws:s3:::bucket/some/role' }],
  ])('are refused with %s', async (_title, input) => {
    await expect(start(input)).rejects.toThrow(ValidationException);
  });

  test('are refused with overrides of metadata, in time also where their paths are made to stall a pattern', async () => {
    const path = `/startDICOMImportJob/datastore/${local.datastoreId}`;
    const bodyWith = (metadataFilePath: string) =>
      JSON.stringify({
        dataAccessRoleArn: roleArn,
        clientToken: 't',
        inputS3Uri: 's3://bucket/in',
        outputS3Uri: 's3://bucket/out',
        importConfiguration: {
          dicomJsonMetadataImportConfiguration: {
            dicomMetadataMappings: [{ studyInstanceUID: '1.2', metadataFilePath }],
          },
        },
      });
    const messages = [];
    for (const metadataFilePath of ['meta data.json', `${'a'.repeat(1_000)}\t`]) {
      const response = await fetch(local.url + path, { method: 'POST', body: bodyWith(metadataFilePath) });
      messages.push(((await response.json()) as { message: string }).message);
    }
    expect(messages).toEqual([
      'importConfiguration is not supported by the local HealthImaging.',
      expect.stringContaining('dicomMetadataMappings.1.member.metadataFilePath') as unknown,
    ]);
  });

  test('are made once for a client token; other input with it is a conflict', async () => {
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
    const jobId = await start({ clientToken: 'once' });
    const first = await ended(jobId);
    const command = new StartDICOMImportJobCommand({
      datastoreId: local.datastoreId,
      dataAccessRoleArn: roleArn,
      inputS3Uri: 's3://bucket/in',
      outputS3Uri: 's3://bucket/out',
      clientToken: 'once',
    });
    expect(await local.client.send(command)).toMatchObject({
      jobId,
      jobStatus: 'SUBMITTED',
      submittedAt: first.submittedAt,
    });
    for (const other of [{ jobName: 'x' }, { inputS3Uri: 's3://bucket/in/' }])
      await expect(start({ clientToken: 'once', ...other })).rejects.toThrow(ConflictException);
  });

  test('answer null for a name and a message that there is none of, as the service does', async () => {
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
    const { jobId = '' } = await run();
    const response = await fetch(
      `${local.url}/getDICOMImportJob/datastore/${local.datastoreId}/job/${jobId}`,
    );
    expect(await response.json()).toMatchObject({ jobProperties: { jobName: null, message: null } });
  });

  test('of another data store, or that there are not, are not found', async () => {
    for (const input of [
      { datastoreId: local.datastoreId, jobId: '0'.repeat(32) },
      { datastoreId: '0'.repeat(32), jobId: '0'.repeat(32) },
    ])
      await expect(local.client.send(new GetDICOMImportJobCommand(input))).rejects.toThrow(
        ResourceNotFoundException,
      );
    await expect(startJob(local.client, '0'.repeat(32))).rejects.toThrow(ResourceNotFoundException);
  });
});

test('import jobs need a folder: a store in memory refuses them', async () => {
  await using local = await withLocal();
  await expect(startJob(local.client, local.datastoreId)).rejects.toThrow(ValidationException);
});
