import { randomBytes } from 'node:crypto';

import type { DICOMTags } from '@aws-sdk/client-medical-imaging';

import { finishPending } from '../edits/pendingEdits.ts';
import {
  findImageSet,
  groupOf,
  freeImageSetId,
  imageSetsOfSeries,
  insertImageSet,
  latestUpdate,
  mayBePrimary,
  updateImageSet,
  type ImageSetsOfSeries,
  type StoredImageSet,
} from '../store/imageSets.ts';
import { digestOfEdit } from '../store/metadataDocument.ts';
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
 * Stores a batch of instances in one transaction, each in the image set of its series and group. An instance that the image set has,
 * or once had, changes nothing.
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
  const imageSetOf = chooseImageSet(store);
  const placed: Draft[] = [];
  const outcomes = store.transaction(() => {
    // An image set that is locked takes nothing before the edit that it is locked for.
    finishPending(store, now);
    const nextTime = clockOf(store, now);
    const taken = new Map<string, Outcome>();
    for (const record of records) {
      const imageSetId = imageSetOf(record);
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
 * The image set of an instance: that which knows it, whatever an update has made of it, or the oldest of its group, or one that is to
 * be made.
 */
function chooseImageSet(store: Store): (record: InstanceRecord) => string {
  const known = new Map<string, ImageSetsOfSeries>();
  const ofInstance = store.prepare(
    `SELECT image_set_id FROM image_set JOIN instance ON instance.image_set = image_set.seq
     WHERE series_uid = ? AND sop_instance_uid = ? AND digest = ? ORDER BY seq LIMIT 1`,
  );
  return (record) => {
    const { seriesInstanceUid, sopInstanceUid, digest, tags } = record;
    const group = groupOf(tags);
    const key = `${seriesInstanceUid} ${group}`;
    const found = known.get(key) ?? imageSetsOfSeries(store, seriesInstanceUid, group);
    known.set(key, found);
    const [first, ...others] = found.ofGroup;
    if (others.length > 0 || found.others > 0) {
      const row = ofInstance.get(seriesInstanceUid, sopInstanceUid, digest);
      if (row !== undefined) return String(row['image_set_id']);
    }
    if (first !== undefined) return first;
    const made = freeImageSetId(store, seriesInstanceUid, group);
    found.ofGroup.push(made);
    return made;
  };
}

/**
 * Times of image sets, each later than any in the store: a batch takes less than a millisecond for each of its image sets, and
 * searches sort them by time. Nor does a clock that was set back move an image set back in the order.
 */
function clockOf(store: Store, now: number): () => number {
  let latest = Math.max(now - 1, latestUpdate(store));
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

/** Whether the image set has the file, or another in its place; not where an update has removed the instance. */
function isKnown(store: Store, seq: number, { sopInstanceUid, digest }: InstanceRecord): boolean {
  return (
    hadFile(store, seq, { sopInstanceUid, digest }) &&
    store
      .prepare(
        'SELECT 1 FROM instance WHERE image_set = ? AND sop_instance_uid = ? AND until_version IS NULL',
      )
      .get(seq, sopInstanceUid) !== undefined
  );
}

function hadFile(
  store: Store,
  seq: number,
  { sopInstanceUid, digest }: Pick<InstanceRecord, 'sopInstanceUid' | 'digest'>,
): boolean {
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
  const tags = withMissing(withCounts(draft.imageSet.tags, record.tags), record.tags);
  draft.changed ||= raised || updatedAt !== draft.imageSet.updatedAt || tags !== draft.imageSet.tags;
  draft.imageSet = { ...draft.imageSet, version, updatedAt, tags };
  draft.versionRun = run.id;
  store
    .prepare(
      'UPDATE instance SET until_version = ? WHERE image_set = ? AND sop_instance_uid = ? AND until_version IS NULL',
    )
    .run(version, seq, record.sopInstanceUid);
  const { sopInstanceUid, digest, document } = hadFile(store, seq, record) ? again(record, version) : record;
  store
    .prepare('INSERT INTO instance VALUES (?, ?, ?, ?, NULL, ?)')
    .run(seq, sopInstanceUid, digest, version, JSON.stringify(document));
}

/** The record of a file that the image set has had before: its frames keep their IDs. */
function again(record: InstanceRecord, version: number): InstanceRecord {
  const content = Buffer.from(record.digest).toString('hex');
  return {
    ...record,
    digest: digestOfEdit(content, version),
    document: { ...record.document, content },
  };
}

function insertVersion(store: Store, seq: number, version: number, run: ImportRun, updatedAt: number): void {
  store
    .prepare('INSERT INTO image_set_version (image_set, version, import_run, updated_at) VALUES (?, ?, ?, ?)')
    .run(seq, version, run.id, updatedAt);
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

/** The tags with those of the latest file that none had a value for before; the same object when nothing changes. */
function withMissing(tags: DICOMTags, latest: DICOMTags): DICOMTags {
  const missing = Object.entries(latest).filter(
    ([name, value]) => value !== '' && (tags[name as keyof DICOMTags] ?? '') === '',
  );
  return missing.length === 0 ? tags : { ...tags, ...Object.fromEntries(missing) };
}
