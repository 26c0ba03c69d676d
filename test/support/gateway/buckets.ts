import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  GetDICOMImportJobCommand,
  StartDICOMImportJobCommand,
  type DICOMImportJobProperties,
  type MedicalImagingClient,
  type StartDICOMImportJobCommandInput,
} from '@aws-sdk/client-medical-imaging';

import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';

export const roleArn = 'arn:aws:iam::123456789012:role/import';

/** A small DICOM file. */
export function dicomFile(series: number, instance: number, more: DatasetInput = {}): Buffer {
  return writeP10({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: `1.2.3.${series}.${instance}`,
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: `1.2.3.${series}`,
    PatientID: 'P1',
    Modality: 'OT',
    ...more,
  });
}

/** Objects in buckets of a data folder, as a client with S3 would put and get them. */
export class TestBuckets {
  readonly root: string;

  constructor(directory: string) {
    this.root = join(directory, 's3');
  }

  async put(path: string, content: Buffer | string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), content);
  }

  get(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  async lines(path: string): Promise<unknown[]> {
    const text = await this.get(path);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  }

  /** @param path bucket and key, also as an S3 URI */
  path(path: string): string {
    return join(this.root, path.replace('s3://', ''));
  }
}

export async function startJob(
  client: MedicalImagingClient,
  datastoreId: string,
  input: Partial<StartDICOMImportJobCommandInput> = {},
): Promise<string> {
  const { jobId = '' } = await client.send(
    new StartDICOMImportJobCommand({
      datastoreId,
      dataAccessRoleArn: roleArn,
      inputS3Uri: 's3://bucket/in',
      outputS3Uri: 's3://bucket/out',
      clientToken: undefined,
      ...input,
    }),
  );
  return jobId;
}

/** Asks until the job has a status, as clients do. */
export async function untilJob(
  client: MedicalImagingClient,
  datastoreId: string,
  jobId: string,
  statuses: readonly string[] = ['COMPLETED', 'FAILED'],
): Promise<DICOMImportJobProperties> {
  for (;;) {
    const { jobProperties } = await client.send(new GetDICOMImportJobCommand({ datastoreId, jobId }));
    if (jobProperties !== undefined && statuses.includes(jobProperties.jobStatus ?? '')) return jobProperties;
    await sleep(5);
  }
}
