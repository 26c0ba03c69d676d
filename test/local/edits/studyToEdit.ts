import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import {
  GetImageSetCommand,
  GetImageSetMetadataCommand,
  UpdateImageSetMetadataCommand,
  type MetadataUpdates,
} from '@aws-sdk/client-medical-imaging';

import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';
import { toInstanceRecord } from '../../../src/local/import/instanceRecord.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import type { Local } from '../../support/gateway/withLocal.ts';

const study = '1.2.3';
export const seriesOf = (series: number) => `${study}.${series}`;

export function instance(series: number, number: number, more: DatasetInput = {}) {
  const bytes = writeP10({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `${seriesOf(series)}.${number}`,
    StudyInstanceUID: study,
    SeriesInstanceUID: seriesOf(series),
    StudyDate: '20260102',
    PatientID: 'P1',
    PatientName: 'Sample^Ada',
    StudyDescription: 'Before',
    Modality: 'CT',
    SeriesNumber: String(series),
    InstanceNumber: String(number),
    ...more,
  });
  return toInstanceRecord(readP10Bytes(bytes));
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

export const updatable = (tree: object): MetadataUpdates => ({
  DICOMUpdates: { updatableAttributes: json(tree) },
});
export const removable = (tree: object): MetadataUpdates => ({
  DICOMUpdates: { removableAttributes: json(tree) },
});
export const ofInstance = (uid: string, value: object) => ({
  SchemaVersion: '1.1',
  Study: { Series: { [seriesOf(1)]: { Instances: { [uid]: value } } } },
});

interface Level {
  readonly DICOM: Readonly<Record<string, unknown>>;
}
export interface Document {
  readonly Patient: Level;
  readonly Study: Level & {
    readonly Series: Record<
      string,
      Level & { readonly Instances: Record<string, Level & { DICOMVRs: object; ImageFrames: object[] }> }
    >;
  };
}

/** The properties of an image set as soon as it is not locked. */
export async function unlocked({ client, datastoreId }: Local, imageSetId: string) {
  for (let tries = 0; ; tries += 1) {
    const properties = await client.send(new GetImageSetCommand({ datastoreId, imageSetId }));
    if (properties.imageSetState !== 'LOCKED' || tries === 100) return properties;
    await delay(1);
  }
}

export async function readDocument(
  { client, datastoreId }: Local,
  imageSetId: string,
  versionId?: string,
): Promise<Document> {
  const version = versionId === undefined ? {} : { versionId };
  const answer = await client.send(new GetImageSetMetadataCommand({ datastoreId, imageSetId, ...version }));
  const bytes = await answer.imageSetMetadataBlob.transformToByteArray();
  return JSON.parse(gunzipSync(bytes).toString()) as Document;
}

/** Imports instances. @returns the IDs of their image sets */
export function take({ store }: Local, now: number, records: ReturnType<typeof instance>[]): string[] {
  const run = startImportRun();
  takeInstances(store, run, records, now);
  return [...run.outcomes.keys()];
}

/** Two series of a study, and an image set of the first that is not primary. */
export function takeStudyOf(take: (...records: ReturnType<typeof instance>[]) => string[]): {
  primary: string;
  other: string;
  contradicting: string;
} {
  const [primary = '', other = ''] = take(instance(1, 1), instance(1, 2), instance(2, 1));
  const [contradicting = ''] = take(instance(1, 3, { AccessionNumber: 'A9' }));
  return { primary, other, contradicting };
}

/** Of an image set, the version that is its latest, and what is asked for. */
export type UpdateGiven = [
  imageSetId: string,
  latest: string,
  updates: MetadataUpdates,
  options?: { readonly force?: boolean; readonly includeStudyImageSets?: boolean },
];

export function requestUpdate(
  { client, datastoreId }: Local,
  {
    imageSetId,
    latest,
    updates,
    force,
    includeStudyImageSets,
  }: {
    readonly imageSetId: string;
    readonly latest: string;
    readonly updates: MetadataUpdates;
    readonly force?: boolean;
    readonly includeStudyImageSets?: boolean;
  },
) {
  const command = new UpdateImageSetMetadataCommand({
    ...{ datastoreId, imageSetId },
    ...{ latestVersionId: latest, updateImageSetMetadataUpdates: updates },
    ...(force !== undefined && { force }),
  });
  // Newer than this SDK.
  command.middlewareStack.add(
    (next) => (given) => {
      const request = given.request as { query: Record<string, string> };
      if (includeStudyImageSets !== undefined)
        request.query['includeStudyImageSets'] = String(includeStudyImageSets);
      return next(given);
    },
    { step: 'build' },
  );
  return client.send(command);
}
