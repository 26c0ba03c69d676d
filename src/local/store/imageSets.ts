import { hash } from 'node:crypto';

import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import type { Store } from './store.ts';
import { studyKeyOfFile } from './studyDateKey.ts';

/** One image set as search shows it. Times are milliseconds since 1970. */
export interface ImageSet {
  readonly imageSetId: string;
  readonly version: number;
  readonly isPrimary: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastAccessedAt: number | null;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly tags: DICOMTags;
}

const counts: ReadonlySet<string> = new Set<keyof DICOMTags>([
  'DICOMNumberOfStudyRelatedSeries',
  'DICOMNumberOfStudyRelatedInstances',
]);

/**
 * Which instances belong together: those whose summary tags are the same. The two counts may differ, since they grow while a
 * study is made.
 */
export function variantOf(tags: DICOMTags): string {
  const entries = Object.entries(tags)
    .filter(([name]) => !counts.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(entries);
}

/** Derived rather than drawn, so that importing the same files again meets the same image sets: 32 hexadecimal digits. */
export function imageSetIdOf(datastoreId: string, seriesInstanceUid: string, variant: string): string {
  return hash('sha256', JSON.stringify([datastoreId, seriesInstanceUid, variant])).slice(0, 32);
}

/** Its place in the order of ties. */
export function insertImageSet(store: Store, imageSet: ImageSet): number {
  const { imageSetId, version, isPrimary, createdAt, updatedAt, lastAccessedAt, tags } = imageSet;
  const row = store
    .prepare(
      `INSERT INTO image_set
       SELECT coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM image_set
       RETURNING seq`,
    )
    .get(
      imageSetId,
      version,
      isPrimary ? 1 : 0,
      createdAt,
      updatedAt,
      lastAccessedAt,
      studyKeyOfFile(tags.DICOMStudyDate, tags.DICOMStudyTime),
      tags.DICOMStudyDate ?? null,
      tags.DICOMPatientId ?? null,
      tags.DICOMAccessionNumber ?? null,
      tags.DICOMStudyId ?? null,
      imageSet.studyInstanceUid,
      imageSet.seriesInstanceUid,
      toSummary(imageSet),
    );
  return Number(row?.['seq']);
}

/** What can change of an image set: never what it is searched by but the time of the update. */
export function updateImageSet(store: Store, seq: number, imageSet: ImageSet): void {
  store
    .prepare(
      'UPDATE image_set SET version = ?, updated_at = ?, last_accessed_at = ?, summary = ? WHERE seq = ?',
    )
    .run(imageSet.version, imageSet.updatedAt, imageSet.lastAccessedAt, toSummary(imageSet), seq);
}

export interface StoredImageSet extends ImageSet {
  readonly seq: number;
}

export function findImageSet(store: Store, imageSetId: string): StoredImageSet | undefined {
  const row = store
    .prepare(
      `SELECT seq, version, is_primary, created_at, updated_at, last_accessed_at, study_uid, series_uid, summary
       FROM image_set WHERE image_set_id = ?`,
    )
    .get(imageSetId);
  if (row === undefined) return undefined;
  const lastAccessedAt = row['last_accessed_at'];
  const { DICOMTags: tags } = JSON.parse(String(row['summary'])) as { DICOMTags: DICOMTags };
  return {
    seq: Number(row['seq']),
    imageSetId,
    version: Number(row['version']),
    isPrimary: row['is_primary'] === 1,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    lastAccessedAt: typeof lastAccessedAt === 'number' ? lastAccessedAt : null,
    studyInstanceUid: String(row['study_uid']),
    seriesInstanceUid: String(row['series_uid']),
    tags,
  };
}

/** A member of imageSetsMetadataSummaries in JSON; restJson1 writes times as seconds since 1970 with a fraction. */
function toSummary(imageSet: ImageSet): string {
  const { imageSetId, version, isPrimary, createdAt, updatedAt, lastAccessedAt, tags } = imageSet;
  return JSON.stringify({
    imageSetId,
    version,
    createdAt: createdAt / 1000,
    updatedAt: updatedAt / 1000,
    ...(lastAccessedAt !== null && { lastAccessedAt: lastAccessedAt / 1000 }),
    storageTier: 'FREQUENT_ACCESS',
    isPrimary,
    DICOMTags: tags,
  });
}

/**
 * Records when metadata or pixels were read. Call it in a transaction: it reads the image set anew, since an import may have changed
 * it.
 */
export function recordAccess(store: Store, imageSetId: string, now: number): void {
  const imageSet = findImageSet(store, imageSetId);
  if (imageSet !== undefined) updateImageSet(store, imageSet.seq, { ...imageSet, lastAccessedAt: now });
}

export function isEmpty(store: Store): boolean {
  return store.prepare('SELECT 1 FROM image_set LIMIT 1').get() === undefined;
}
