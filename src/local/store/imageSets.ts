import { hash } from 'node:crypto';

import type { DICOMTags, ImageSetsMetadataSummary } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../model/restJson.ts';
import type { Store } from './store.ts';
import { studyKeyOfFile } from './studyDateKey.ts';

/** An image set as search shows it. Times are milliseconds since 1970. */
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

/** A member of imageSetsMetadataSummaries. */
interface Summary extends Omit<RestJson<ImageSetsMetadataSummary>, 'DICOMTags'> {
  readonly DICOMTags: DICOMTags;
}

/**
 * Equal for instances of a series that belong in one image set: those that agree on what HealthImaging groups by (AWS, "Understanding
 * image sets"). Absent and empty are equal, and so are two forms of a date or a number. Other attributes do not divide a series.
 */
export function groupOf(tags: DICOMTags): string {
  const date = studyKeyOfFile(tags.DICOMStudyDate, '').slice(0, 8) || tags.DICOMStudyDate;
  const { DICOMStudyInstanceUID, DICOMAccessionNumber, DICOMPatientId, DICOMStudyId, DICOMSeriesNumber } =
    tags;
  const texts = [DICOMStudyInstanceUID, date, DICOMAccessionNumber, DICOMPatientId, DICOMStudyId];
  return JSON.stringify([...texts.map((text) => (text ?? '').trim()), DICOMSeriesNumber ?? null]);
}

/**
 * 32 hexadecimal digits. Derived rather than random, so that importing the same files into a new store makes the same image sets; the
 * ID of an image set that was deleted, or that an update has moved to another group, is not given again.
 */
export function freeImageSetId(store: Store, seriesInstanceUid: string, group: string): string {
  const { datastoreId } = store.datastore;
  const taken = store.prepare(
    `SELECT 1 FROM image_set WHERE image_set_id = ?1 UNION ALL SELECT 1 FROM deleted_image_set WHERE image_set_id = ?1`,
  );
  for (let count = 0; ; count += 1) {
    const source = [datastoreId, seriesInstanceUid, group, ...(count === 0 ? [] : [count])];
    const id = hash('sha256', JSON.stringify(source)).slice(0, 32);
    if (taken.get(id) === undefined) return id;
  }
}

export interface ImageSetsOfSeries {
  /** Oldest first: the first release made several of one group. */
  readonly ofGroup: string[];
  /** How many more the series has. */
  readonly others: number;
}

export function imageSetsOfSeries(store: Store, seriesInstanceUid: string, group: string): ImageSetsOfSeries {
  const rows = store
    .prepare(
      `SELECT image_set_id, summary -> '$.DICOMTags' AS tags FROM image_set WHERE series_uid = ? ORDER BY seq`,
    )
    .all(seriesInstanceUid);
  const ofGroup = rows
    .filter((row) => groupOf(JSON.parse(String(row['tags'])) as DICOMTags) === group)
    .map((row) => String(row['image_set_id']));
  return { ofGroup, others: rows.length - ofGroup.length };
}

/**
 * A series has one primary image set, and only if it does not contradict the primary image sets of its study
 * (AWS, "Understanding import jobs": StudyDate, AccessionNumber, PatientID, StudyInstanceUID and StudyID identify a study). What is
 * missing contradicts nothing.
 */
export function mayBePrimary(
  store: Store,
  {
    seriesInstanceUid,
    studyInstanceUid,
    tags,
  }: Pick<ImageSet, 'seriesInstanceUid' | 'studyInstanceUid' | 'tags'>,
): boolean {
  const series = store
    .prepare('SELECT 1 FROM image_set WHERE series_uid = ? AND is_primary = 1 LIMIT 1')
    .get(seriesInstanceUid);
  if (series !== undefined) return false;
  const conflict = store
    .prepare(
      `SELECT 1 FROM image_set WHERE study_uid = ?1 AND is_primary = 1
       AND (?2 <> '' AND study_key <> '' AND substr(study_key, 1, 8) <> ?2
         OR ?3 <> '' AND accession_number <> '' AND accession_number <> ?3
         OR ?4 <> '' AND patient_id <> '' AND patient_id <> ?4
         OR ?5 <> '' AND study_id <> '' AND study_id <> ?5) LIMIT 1`,
    )
    .get(
      studyInstanceUid,
      studyKeyOfFile(tags.DICOMStudyDate, '').slice(0, 8),
      tags.DICOMAccessionNumber ?? '',
      tags.DICOMPatientId ?? '',
      tags.DICOMStudyId ?? '',
    );
  return conflict === undefined;
}

/** When an image set was updated last, of all; 0 where there is none. Whatever is written is given a later time. */
export function latestUpdate(store: Store): number {
  const row = store.prepare('SELECT max(updated_at) AS latest FROM image_set').get();
  return Number(row?.['latest'] ?? 0);
}

/** The columns that searches find by what a file or an update of metadata says, in the order of the table. */
function searchedColumns({ tags, studyInstanceUid, seriesInstanceUid }: ImageSet): (string | null)[] {
  return [
    studyKeyOfFile(tags.DICOMStudyDate, tags.DICOMStudyTime),
    tags.DICOMStudyDate ?? null,
    tags.DICOMPatientId ?? null,
    tags.DICOMAccessionNumber ?? null,
    tags.DICOMStudyId ?? null,
    studyInstanceUid,
    seriesInstanceUid,
  ];
}

/** @returns the image set's seq, which breaks ties in every order */
export function insertImageSet(store: Store, imageSet: ImageSet): number {
  const { imageSetId, version, isPrimary, createdAt, updatedAt, lastAccessedAt } = imageSet;
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
      ...searchedColumns(imageSet),
      toSummary(imageSet),
    );
  return Number(row?.['seq']);
}

/** Writes what can change. Of the attributes that a search may filter by, that is updatedAt, and a study's time that was missing. */
export function updateImageSet(store: Store, seq: number, imageSet: ImageSet): void {
  store
    .prepare(
      'UPDATE image_set SET version = ?, updated_at = ?, last_accessed_at = ?, study_key = ?, summary = ? WHERE seq = ?',
    )
    .run(
      imageSet.version,
      imageSet.updatedAt,
      imageSet.lastAccessedAt,
      studyKeyOfFile(imageSet.tags.DICOMStudyDate, imageSet.tags.DICOMStudyTime),
      toSummary(imageSet),
      seq,
    );
}

/** Writes all that an update of metadata may change. */
export function rewriteImageSet(store: Store, seq: number, imageSet: ImageSet): void {
  store
    .prepare(
      `UPDATE image_set SET study_key = ?, study_date = ?, patient_id = ?, accession_number = ?, study_id = ?, study_uid = ?,
       series_uid = ? WHERE seq = ?`,
    )
    .run(...searchedColumns(imageSet), seq);
  updateImageSet(store, seq, imageSet);
}

/** What is known of an image set that was deleted. */
export interface DeletedImageSet {
  readonly imageSetId: string;
  readonly isPrimary: boolean;
  readonly createdAt: number;
  readonly deletedAt: number;
  /** Oldest first, with their times. */
  readonly versions: readonly (readonly [version: number, updatedAt: number])[];
}

export function insertDeleted(store: Store, { seq, ...imageSet }: StoredImageSet, deletedAt: number): void {
  const versions = store
    .prepare('SELECT version, updated_at FROM image_set_version WHERE image_set = ? ORDER BY version')
    .all(seq)
    .map((row) => [row['version'], row['updated_at']]);
  store
    .prepare('INSERT INTO deleted_image_set VALUES (?, ?, ?, ?, ?)')
    .run(
      imageSet.imageSetId,
      imageSet.isPrimary ? 1 : 0,
      imageSet.createdAt,
      deletedAt,
      JSON.stringify(versions),
    );
}

export function findDeletedImageSet(store: Store, imageSetId: string): DeletedImageSet | undefined {
  const row = store.prepare('SELECT * FROM deleted_image_set WHERE image_set_id = ?').get(imageSetId);
  if (row === undefined) return undefined;
  return {
    imageSetId,
    isPrimary: row['is_primary'] === 1,
    createdAt: Number(row['created_at']),
    deletedAt: Number(row['deleted_at']),
    versions: JSON.parse(String(row['versions'])) as DeletedImageSet['versions'],
  };
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
  const { DICOMTags: tags } = JSON.parse(String(row['summary'])) as Summary;
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

function toSummary(imageSet: ImageSet): string {
  const { imageSetId, version, isPrimary, createdAt, updatedAt, lastAccessedAt, tags } = imageSet;
  const summary: Summary = {
    imageSetId,
    version,
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
    ...(lastAccessedAt !== null && { lastAccessedAt: epochSeconds(lastAccessedAt) }),
    storageTier: 'FREQUENT_ACCESS',
    isPrimary,
    DICOMTags: tags,
  };
  return JSON.stringify(summary);
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
