import { randomBytes } from 'node:crypto';

import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import {
  findImageSet,
  imageSetIdOf,
  insertImageSet,
  updateImageSet,
  variantOf,
  type StoredImageSet,
} from '../store/imageSets.ts';
import type { Store } from '../store/store.ts';
import type { InstanceRecord } from './instanceRecord.ts';

export type Outcome = 'made' | 'updated' | 'unchanged';

/** One import, in any number of batches. It adds at most one version to an image set, as an import job of the service does. */
export interface ImportRun {
  readonly id: number;
  /** What became of each image set that its files belong to, by imageSetId. */
  readonly outcomes: Map<string, Outcome>;
}

export function newRunId(): number {
  return randomBytes(6).readUIntBE(0, 6);
}

/** @param id of a run that was interrupted: it goes on with the versions that it made */
export function startImportRun(id = newRunId()): ImportRun {
  return { id, outcomes: new Map() };
}

/** The image set that an instance belongs to, as the batch leaves it. */
export interface Placement {
  readonly imageSetId: string;
  readonly version: number;
  readonly isPrimary: boolean;
}

/** An image set that a batch changes. Its row is written once, at the end of the batch. */
interface Draft {
  imageSet: StoredImageSet;
  /** The import that made the newest version. */
  versionRun: number;
  changed: boolean;
  /** When the batch changes it; undefined until it does. */
  time: number | undefined;
}

/**
 * Stores a batch of instances in one transaction, each in the image set of its series and summary tags. An instance that the image
 * set has, or once had, changes nothing.
 * @param now milliseconds since 1970
 * @returns where each record went
 */
export function takeInstances(
  store: Store,
  run: ImportRun,
  records: readonly InstanceRecord[],
  now: number,
): Placement[] {
  const drafts = new Map<string, Draft>();
  const placed: Draft[] = [];
  const outcomes = store.transaction(() => {
    const nextTime = clockOf(store, now);
    const taken = new Map<string, Outcome>();
    for (const record of records) {
      const variant = variantOf(record.tags);
      const imageSetId = imageSetIdOf(store.datastore.datastoreId, record.seriesInstanceUid, variant);
      let draft = drafts.get(imageSetId) ?? openDraft(store, imageSetId);
      const known = draft !== undefined && isKnown(store, draft.imageSet.seq, record);
      if (draft === undefined) {
        draft = makeImageSet(store, run, imageSetId, record, nextTime());
        taken.set(imageSetId, 'made');
      } else if (!known && taken.get(imageSetId) !== 'made') {
        taken.set(imageSetId, 'updated');
      } else if (!taken.has(imageSetId)) {
        taken.set(imageSetId, 'unchanged');
      }
      drafts.set(imageSetId, draft);
      placed.push(draft);
      if (!known) takeInstance(store, run, draft, record, (draft.time ??= nextTime()));
    }
    for (const { imageSet, changed } of drafts.values())
      if (changed) updateImageSet(store, imageSet.seq, imageSet);
    return taken;
  });
  for (const [imageSetId, outcome] of outcomes) noteOutcome(run, imageSetId, outcome);
  return placed.map(({ imageSet: { imageSetId, version, isPrimary } }) => ({
    imageSetId,
    version,
    isPrimary,
  }));
}

/**
 * Times of image sets, each later than any in the store: a batch takes less than a millisecond for each of its image sets, and
 * searches sort them by time. Nor does a clock that was set back move an image set back in the order.
 */
function clockOf(store: Store, now: number): () => number {
  const [row] = store.prepare('SELECT max(updated_at) AS latest FROM image_set').all();
  let latest = Math.max(now - 1, Number(row?.['latest'] ?? 0));
  return () => (latest += 1);
}

/** Over the batches of a run, made outweighs updated, and updated outweighs unchanged. */
function noteOutcome({ outcomes }: ImportRun, imageSetId: string, outcome: Outcome): void {
  const earlier = outcomes.get(imageSetId);
  if (earlier === undefined || (earlier === 'unchanged' && outcome === 'updated'))
    outcomes.set(imageSetId, outcome);
}

function openDraft(store: Store, imageSetId: string): Draft | undefined {
  const imageSet = findImageSet(store, imageSetId);
  if (imageSet === undefined) return undefined;
  const version = store
    .prepare('SELECT import_run FROM image_set_version WHERE image_set = ? AND version = ?')
    .get(imageSet.seq, imageSet.version);
  return { imageSet, versionRun: Number(version?.['import_run']), changed: false, time: undefined };
}

function isKnown(store: Store, seq: number, { sopInstanceUid, digest }: InstanceRecord): boolean {
  return (
    store
      .prepare('SELECT 1 FROM instance WHERE image_set = ? AND sop_instance_uid = ? AND digest = ?')
      .get(seq, sopInstanceUid, digest) !== undefined
  );
}

function makeImageSet(
  store: Store,
  run: ImportRun,
  imageSetId: string,
  record: InstanceRecord,
  now: number,
): Draft {
  const { studyInstanceUid, seriesInstanceUid, tags } = record;
  const imageSet = {
    imageSetId,
    version: 1,
    isPrimary: mayBePrimary(store, record),
    createdAt: now,
    updatedAt: now,
    lastAccessedAt: null,
    studyInstanceUid,
    seriesInstanceUid,
    tags,
  };
  const seq = insertImageSet(store, imageSet);
  insertVersion(store, seq, 1, run, now);
  return { imageSet: { ...imageSet, seq }, versionRun: run.id, changed: false, time: now };
}

/**
 * A series has one primary image set, and only if it agrees with the primary image sets of its study
 * (AWS, "Understanding import jobs": StudyDate, AccessionNumber, PatientID, StudyInstanceUID and StudyID identify a study).
 */
function mayBePrimary(store: Store, { seriesInstanceUid, studyInstanceUid, tags }: InstanceRecord): boolean {
  const series = store
    .prepare('SELECT 1 FROM image_set WHERE series_uid = ? AND is_primary = 1 LIMIT 1')
    .get(seriesInstanceUid);
  if (series !== undefined) return false;
  const conflict = store
    .prepare(
      `SELECT 1 FROM image_set WHERE study_uid = ? AND is_primary = 1
       AND (study_date IS NOT ? OR accession_number IS NOT ? OR patient_id IS NOT ? OR study_id IS NOT ?) LIMIT 1`,
    )
    .get(
      studyInstanceUid,
      tags.DICOMStudyDate ?? null,
      tags.DICOMAccessionNumber ?? null,
      tags.DICOMPatientId ?? null,
      tags.DICOMStudyId ?? null,
    );
  return conflict === undefined;
}

function takeInstance(
  store: Store,
  run: ImportRun,
  draft: Draft,
  record: InstanceRecord,
  updatedAt: number,
): void {
  const { seq } = draft.imageSet;
  const raised = draft.versionRun !== run.id;
  const version = draft.imageSet.version + (raised ? 1 : 0);
  if (raised) insertVersion(store, seq, version, run, updatedAt);
  else if (updatedAt !== draft.imageSet.updatedAt) touchVersion(store, seq, version, updatedAt);
  const tags = withCounts(draft.imageSet.tags, record.tags);
  draft.changed ||= raised || updatedAt !== draft.imageSet.updatedAt || tags !== draft.imageSet.tags;
  draft.imageSet = { ...draft.imageSet, version, updatedAt, tags };
  draft.versionRun = run.id;
  store
    .prepare(
      'UPDATE instance SET until_version = ? WHERE image_set = ? AND sop_instance_uid = ? AND until_version IS NULL',
    )
    .run(version, seq, record.sopInstanceUid);
  store
    .prepare('INSERT INTO instance VALUES (?, ?, ?, ?, NULL, ?)')
    .run(seq, record.sopInstanceUid, record.digest, version, JSON.stringify(record.document));
}

function insertVersion(store: Store, seq: number, version: number, run: ImportRun, updatedAt: number): void {
  store.prepare('INSERT INTO image_set_version VALUES (?, ?, ?, ?)').run(seq, version, run.id, updatedAt);
}

function touchVersion(store: Store, seq: number, version: number, updatedAt: number): void {
  store
    .prepare('UPDATE image_set_version SET updated_at = ? WHERE image_set = ? AND version = ?')
    .run(updatedAt, seq, version);
}

/** The tags with the latest file's counts; the same object when nothing changes. */
function withCounts(tags: DICOMTags, latest: DICOMTags): DICOMTags {
  const series = latest.DICOMNumberOfStudyRelatedSeries ?? tags.DICOMNumberOfStudyRelatedSeries;
  const instances = latest.DICOMNumberOfStudyRelatedInstances ?? tags.DICOMNumberOfStudyRelatedInstances;
  const same =
    series === tags.DICOMNumberOfStudyRelatedSeries && instances === tags.DICOMNumberOfStudyRelatedInstances;
  if (same) return tags;
  return {
    ...tags,
    ...(series !== undefined && { DICOMNumberOfStudyRelatedSeries: series }),
    ...(instances !== undefined && { DICOMNumberOfStudyRelatedInstances: instances }),
  };
}
