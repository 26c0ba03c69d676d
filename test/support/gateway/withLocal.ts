import { hash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MedicalImagingClient, type DICOMTags } from '@aws-sdk/client-medical-imaging';

import { insertImageSet, type ImageSet } from '../../../src/local/store/imageSets.ts';
import type { InstanceRecord } from '../../../src/local/import/instanceRecord.ts';
import { createLocalHealthImaging } from '../../../src/local/server.ts';
import { openDatastores, type Datastores } from '../../../src/local/store/datastores/datastores.ts';
import type { Store } from '../../../src/local/store/store.ts';
import { createLog } from '../../../src/log/log.ts';

export const silentLog = createLog({ level: 'silent', readable: false });

/** A local HealthImaging, and AWS's own client on it. */
export interface Local {
  readonly url: string;
  readonly datastoreId: string;
  readonly datastores: Datastores;
  /** Of the first data store. */
  readonly store: Store;
  readonly client: MedicalImagingClient;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface LocalFixture {
  /** On disk, in a folder that goes with it, so that other processes may use it too; default: in memory. */
  readonly onDisk?: boolean;
  /** A database to begin with, of which a copy is used, on disk. */
  readonly database?: string;
  /** A folder that stays, in place of one that goes with it. */
  readonly directory?: string;
  /** Rows to begin with. */
  readonly imageSets?: readonly SyntheticImageSet[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export async function withLocal({
  database,
  onDisk = database !== undefined,
  directory: kept,
  imageSets = [],
  now = Date.now,
}: LocalFixture = {}): Promise<Local & { readonly directory: string }> {
  const directory = kept ?? (onDisk ? await mkdtemp(join(tmpdir(), 'local-healthimaging-')) : ':memory:');
  if (database !== undefined) await copyFile(database, join(directory, 'healthimaging.sqlite'));
  const datastores = openDatastores({ directory, now });
  const store = datastores.first;
  putImageSets(store, imageSets);
  const server = await createLocalHealthImaging({ datastores, log: silentLog, port: 0, now });
  const client = clientOf(server.url);
  const close = async () => {
    client.destroy();
    await server.close();
    datastores.close();
    if (onDisk) await rm(directory, { recursive: true });
  };
  return {
    url: server.url,
    datastoreId: server.datastoreId,
    directory,
    datastores,
    store,
    client,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The stock client. `disableHostPrefix`: there is no runtime-127.0.0.1. */
export function clientOf(url: string): MedicalImagingClient {
  return new MedicalImagingClient({
    endpoint: url,
    region: 'us-east-1',
    disableHostPrefix: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

/** What is left out has a default that follows from its place in the list. Times are milliseconds since 1970. */
export type SyntheticImageSet = Partial<Omit<ImageSet, 'tags'>> & { readonly tags?: DICOMTags };

/** Writes rows as an import would, but any that a test needs, hundreds in a moment. They have no instances and no versions. */
export function putImageSets(store: Store, rows: readonly SyntheticImageSet[]): ImageSet[] {
  return store.transaction(() =>
    rows.map((row, index) => {
      const imageSet = completed(row, index);
      insertImageSet(store, imageSet);
      return imageSet;
    }),
  );
}

/** `count` image sets, one a series, of ever later times: the last one is the first of the default order. */
export function manyImageSets(count: number): SyntheticImageSet[] {
  return Array.from({ length: count }, () => ({}));
}

function completed(row: SyntheticImageSet, index: number): ImageSet {
  const { studyInstanceUid = `1.2.3.${index % 40}`, seriesInstanceUid = `1.2.3.${index % 40}.${index}` } =
    row;
  const createdAt = row.createdAt ?? Date.UTC(2026, 0, 1) + index * 60_000;
  return {
    imageSetId: hash('sha256', `${seriesInstanceUid} ${index}`).slice(0, 32),
    version: 1,
    isPrimary: true,
    createdAt,
    updatedAt: createdAt,
    lastAccessedAt: null,
    ...row,
    studyInstanceUid,
    seriesInstanceUid,
    tags: {
      DICOMPatientId: `PATIENT-${index % 20}`,
      DICOMPatientName: `Sample^${index % 20}`,
      DICOMStudyDate: '20260101',
      DICOMStudyTime: '093000',
      DICOMSeriesModality: 'CT',
      DICOMSeriesNumber: index,
      ...row.tags,
      DICOMStudyInstanceUID: studyInstanceUid,
      DICOMSeriesInstanceUID: seriesInstanceUid,
    },
  };
}

/** An instance as the import hands it to the store. */
export function syntheticInstance(
  uids: { readonly study: string; readonly series: string; readonly instance: string },
  { tags = {}, content = '' }: { readonly tags?: DICOMTags; readonly content?: string } = {},
): InstanceRecord {
  return {
    sopInstanceUid: uids.instance,
    seriesInstanceUid: uids.series,
    studyInstanceUid: uids.study,
    digest: hash('sha256', JSON.stringify([uids, tags, content]), 'buffer'),
    tags: { ...tags, DICOMStudyInstanceUID: uids.study, DICOMSeriesInstanceUID: uids.series },
    document: {
      patient: { PatientID: tags.DICOMPatientId ?? null },
      study: { StudyInstanceUID: uids.study },
      series: { SeriesInstanceUID: uids.series },
      instance: { SOPInstanceUID: uids.instance, ImageComments: content },
      frameCount: 1,
    },
    warnings: [],
  };
}
