import {
  CreateDatastoreCommand,
  DeleteDatastoreCommand,
  GetDatastoreCommand,
  GetDICOMImportJobCommand,
  ListTagsForResourceCommand,
  paginateListDatastores,
  paginateListDICOMImportJobs,
  paginateSearchImageSets,
  StartDICOMImportJobCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type DatastoreSummary,
  type DICOMImportJobSummary,
} from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { dicomFile, TestBuckets, untilJob } from '../../support/gateway/buckets.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

let local: Local & { readonly directory: string };

beforeAll(async () => {
  local = await withLocal({ onDisk: true });
});
afterAll(() => local.close());

// The calls that AWS's documentation examples for JavaScript make (awsdocs/aws-doc-sdk-examples, medical-imaging, actions and
// tagging scenarios), in the order in which a reader makes them, with the members that they send and print.
test('the documentation examples of data stores, import jobs and tags have their answers', async () => {
  const { client, directory } = local;
  const buckets = new TestBuckets(directory);
  await buckets.put('medical-imaging-dicom-input/dicom_input/1.dcm', dicomFile(1, 1));
  await buckets.put('medical-imaging-output/keep', '');

  const created = await client.send(new CreateDatastoreCommand({ datastoreName: 'DATASTORE_NAME' }));
  expect(created).toMatchObject({ $metadata: { httpStatusCode: 200 }, datastoreStatus: 'CREATING' });
  const { datastoreId = '' } = created;

  const { datastoreProperties } = await client.send(new GetDatastoreCommand({ datastoreId }));
  expect(datastoreProperties).toMatchObject({ datastoreName: 'DATASTORE_NAME', datastoreStatus: 'ACTIVE' });
  const datastoreArn = datastoreProperties?.datastoreArn ?? '';

  const summaries: DatastoreSummary[] = [];
  for await (const page of paginateListDatastores({ client, pageSize: 50 }, {}))
    summaries.push(...(page.datastoreSummaries ?? []));
  expect(summaries.map((summary) => summary.datastoreId)).toEqual([local.datastoreId, datastoreId]);

  const started = await client.send(
    new StartDICOMImportJobCommand({
      jobName: 'test-1',
      datastoreId,
      dataAccessRoleArn: 'arn:aws:iam::xxxxxxxxxxxx:role/ImportJobDataAccessRole'.replace(
        'xxxxxxxxxxxx',
        '123456789012',
      ),
      inputS3Uri: 's3://medical-imaging-dicom-input/dicom_input/',
      outputS3Uri: 's3://medical-imaging-output/job_output/',
    }),
  );
  expect(started).toMatchObject({
    datastoreId,
    jobStatus: 'SUBMITTED',
    submittedAt: expect.any(Date) as unknown,
  });
  const { jobId = '' } = started;

  expect(await untilJob(client, datastoreId, jobId)).toMatchObject({
    jobName: 'test-1',
    jobStatus: 'COMPLETED',
  });
  const { jobProperties } = await client.send(new GetDICOMImportJobCommand({ datastoreId, jobId }));
  const { outputS3Uri = '' } = jobProperties ?? {};
  expect(outputS3Uri).toBe(`s3://medical-imaging-output/job_output/${datastoreId}-DicomImport-${jobId}/`);
  const { jobSummary } = JSON.parse(await buckets.get(`${outputS3Uri}job-output-manifest.json`)) as {
    jobSummary: { imageSetsSummary: { imageSetId: string }[] };
  };
  expect(jobSummary.imageSetsSummary).toHaveLength(1);

  const jobs: DICOMImportJobSummary[] = [];
  for await (const page of paginateListDICOMImportJobs({ client, pageSize: 50 }, { datastoreId }))
    jobs.push(...(page.jobSummaries ?? []));
  expect(jobs).toMatchObject([{ jobId, jobName: 'test-1', jobStatus: 'COMPLETED' }]);

  const found: (string | undefined)[] = [];
  for await (const page of paginateSearchImageSets({ client, pageSize: 10 }, { datastoreId }))
    found.push(...(page.imageSetsMetadataSummaries ?? []).map(({ imageSetId }) => imageSetId));
  expect(found).toEqual(jobSummary.imageSetsSummary.map(({ imageSetId }) => imageSetId));

  for (const resourceArn of [datastoreArn, `${datastoreArn}/imageset/${found[0] ?? ''}`]) {
    const list = async () => (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    await client.send(new TagResourceCommand({ resourceArn, tags: { Deployment: 'Development' } }));
    expect(await list()).toEqual({ Deployment: 'Development' });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['Deployment'] }));
    expect(await list()).toEqual({});
  }

  const empty = await client.send(new CreateDatastoreCommand({ datastoreName: 'DATASTORE_NAME' }));
  const deleted = await client.send(new DeleteDatastoreCommand({ datastoreId: empty.datastoreId }));
  expect(deleted).toMatchObject({ datastoreId: empty.datastoreId, datastoreStatus: 'DELETING' });
});
