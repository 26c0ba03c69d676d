import {
  ConflictException,
  DeleteDatastoreCommand,
  GetDICOMImportJobCommand,
  ListDICOMImportJobsCommand,
  paginateListDICOMImportJobs,
  ResourceNotFoundException,
  SearchImageSetsCommand,
  ServiceQuotaExceededException,
} from '@aws-sdk/client-medical-imaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isRunning, Runner } from '../../../src/local/jobs/runner.ts';
import { insertJob } from '../../../src/local/store/jobs/importJobs.ts';
import { dicomFile, roleArn, startJob, TestBuckets, untilJob } from '../../support/gateway/buckets.ts';
import { clientOf, withLocal, type Local } from '../../support/gateway/withLocal.ts';
import { startCli } from '../../support/process/cli.ts';

const day = 86_400_000;

describe('import jobs in their order', () => {
  let local: Local & { readonly directory: string };
  let buckets: TestBuckets;
  let time: number;

  beforeEach(async () => {
    time = Date.UTC(2026, 0, 1);
    local = await withLocal({ onDisk: true, now: () => (time += 1) });
    buckets = new TestBuckets(local.directory);
    await buckets.put('bucket/in/1.dcm', dicomFile(1, 1));
  });
  afterEach(() => local.close());

  const start = (input: Parameters<typeof startJob>[2] = {}) =>
    startJob(local.client, local.datastoreId, input);
  const ended = (jobId: string) => untilJob(local.client, local.datastoreId, jobId);
  const run = async (input: Parameters<typeof startJob>[2] = {}) => ended(await start(input));

  test('are listed newest first, by status, in pages, for ninety days', async () => {
    const made: string[] = [];
    for (const inputS3Uri of ['s3://bucket/in', 's3://bucket/absent', 's3://bucket/in'])
      made.unshift((await run({ inputS3Uri })).jobId ?? '');
    const listed = async (jobStatus?: 'COMPLETED' | 'FAILED' | 'SUBMITTED') => {
      const ids: unknown[] = [];
      const input = { datastoreId: local.datastoreId, ...(jobStatus && { jobStatus }) };
      for await (const page of paginateListDICOMImportJobs({ client: local.client, pageSize: 1 }, input)) {
        expect(page.jobSummaries?.length).toBeLessThanOrEqual(1);
        ids.push(...(page.jobSummaries ?? []).map(({ jobId }) => jobId));
      }
      return ids;
    };
    expect(await listed()).toEqual(made);
    expect(await listed('COMPLETED')).toEqual([made[0], made[2]]);
    expect(await listed('FAILED')).toEqual([made[1]]);
    expect(await listed('SUBMITTED')).toEqual([]);
    const { jobSummaries } = await local.client.send(
      new ListDICOMImportJobsCommand({ datastoreId: local.datastoreId, jobStatus: 'FAILED' }),
    );
    expect(Object.keys(jobSummaries?.[0] ?? {}).sort()).toEqual(
      ['dataAccessRoleArn', 'datastoreId', 'endedAt', 'jobId', 'jobStatus', 'message', 'submittedAt'].sort(),
    );
    time += 90 * day;
    expect(await listed()).toEqual([]);
    const gone = new GetDICOMImportJobCommand({ datastoreId: local.datastoreId, jobId: made[0] });
    await expect(local.client.send(gone)).rejects.toThrow(ResourceNotFoundException);
  });

  test('show their states, and keep their data store from being deleted', async () => {
    const [one, other] = [await start(), await start()];
    const get = new GetDICOMImportJobCommand({ datastoreId: local.datastoreId, jobId: other });
    const { jobProperties } = await local.client.send(get);
    expect(['SUBMITTED', 'IN_PROGRESS', 'COMPLETED']).toContain(jobProperties?.jobStatus);
    const remove = new DeleteDatastoreCommand({ datastoreId: local.datastoreId });
    await expect(local.client.send(remove)).rejects.toThrow(ConflictException);
    expect([(await ended(one)).jobStatus, (await ended(other)).jobStatus]).toEqual([
      'COMPLETED',
      'COMPLETED',
    ]);
  });

  test('are a hundred at a time at most in a data store; those of a process that is gone are run by another', async () => {
    const other = new Runner(local.directory);
    for (let job = 0; job < 100; job += 1) {
      insertJob(local.store, {
        jobId: `job${job}`,
        jobName: undefined,
        dataAccessRoleArn: roleArn,
        inputUri: 's3://bucket/in',
        outputUri: `s3://bucket/out/${job}/`,
        submittedAt: time,
        clientToken: `token${job}`,
        requestDigest: '',
        importRun: job,
        runner: other.id,
      });
    }
    await expect(start()).rejects.toThrow(ServiceQuotaExceededException);
    const first = new GetDICOMImportJobCommand({ datastoreId: local.datastoreId, jobId: 'job0' });
    expect((await local.client.send(first)).jobProperties?.jobStatus).toBe('SUBMITTED');
    other.close();
    expect(await ended('job99')).toMatchObject({ jobStatus: 'COMPLETED' });
    expect(await run()).toMatchObject({ jobStatus: 'COMPLETED' });
  });

  test('are gone on with by a server that starts, after one that was closed', async () => {
    const files = 1_200;
    for (let file = 2; file <= files; file += 1)
      await buckets.put(`bucket/in/${file}.dcm`, dicomFile(1, file));
    const before = await withLocal({ directory: local.directory });
    const jobId = await startJob(before.client, local.datastoreId);
    await untilJob(before.client, local.datastoreId, jobId, ['IN_PROGRESS']);
    await before.close();
    const get = new GetDICOMImportJobCommand({ datastoreId: local.datastoreId, jobId });
    expect(local.store.prepare('SELECT status, runner, attempts FROM import_job').get()).toEqual({
      status: 'IN_PROGRESS',
      runner: null,
      attempts: 0,
    });
    expect((await local.client.send(get)).jobProperties?.jobStatus).toMatch(/IN_PROGRESS|COMPLETED/);
    const { outputS3Uri = '' } = await ended(jobId);
    expect(await buckets.lines(`${outputS3Uri}SUCCESS/success.ndjson`)).toHaveLength(files);
  });

  test('are gone on with after kill -9, and make one version all the same', async () => {
    const files = 1_500;
    for (let file = 2; file <= files; file += 1)
      await buckets.put(`bucket/in/${file}.dcm`, dicomFile(1, file));
    const cli = startCli(['local', '--port', '0'], { HEALTHIMAGING_DATA_DIR: local.directory });
    try {
      const client = clientOf(await cli.printed(/The local HealthImaging: (http:[^,]+),/));
      const jobId = await startJob(client, local.datastoreId);
      await untilJob(client, local.datastoreId, jobId, ['IN_PROGRESS']);
      // The first batch.
      const search = new SearchImageSetsCommand({ datastoreId: local.datastoreId });
      while ((await local.client.send(search)).imageSetsMetadataSummaries?.length !== 1);
      const { runner } = local.store.prepare('SELECT runner FROM import_job').get() ?? {};
      expect(isRunning(local.directory, String(runner))).toBe(true);
      cli.child.kill('SIGKILL');
      await cli.finished;
      client.destroy();
      expect(isRunning(local.directory, String(runner))).toBe(false);
      const { jobStatus, outputS3Uri = '' } = await ended(jobId);
      expect(jobStatus).toBe('COMPLETED');
      const { jobSummary } = JSON.parse(await buckets.get(`${outputS3Uri}job-output-manifest.json`)) as {
        jobSummary: unknown;
      };
      expect(jobSummary).toMatchObject({
        numberOfImportedFiles: files,
        imageSetsSummary: [{ imageSetVersion: 1, numberOfMatchedSOPInstances: files }],
      });
    } finally {
      cli.end();
    }
  });

  test('that the process ended in three times fail', async () => {
    const gone = new Runner(local.directory);
    insertJob(local.store, {
      jobId: 'fatal',
      jobName: undefined,
      dataAccessRoleArn: roleArn,
      inputUri: 's3://bucket/in',
      outputUri: 's3://bucket/out/fatal/',
      submittedAt: time,
      clientToken: 'fatal',
      requestDigest: '',
      importRun: 1,
      runner: gone.id,
    });
    local.store.prepare('UPDATE import_job SET attempts = 3').run();
    gone.close();
    expect(await ended('fatal')).toMatchObject({
      jobStatus: 'FAILED',
      message: 'The import was interrupted 3 times.',
    });
  });
});
