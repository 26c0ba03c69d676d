import { isDeepStrictEqual } from 'node:util';

import { ServiceError } from '../serviceError.ts';
import {
  findImageSet,
  freeImageSetId,
  insertImageSet,
  latestUpdate,
  mayBePrimary,
  rewriteImageSet,
  type StoredImageSet,
} from '../store/imageSets.ts';
import { instancesOf, type Instance, type InstanceDocument } from '../store/metadataDocument.ts';
import type { Store } from '../store/store.ts';
import { readCopiableAttributes } from './copiableAttributes.ts';
import { invalid } from './metadataJson.ts';
import { tagsOfDocuments } from './tagsOfDocuments.ts';

export interface CopyRequest {
  readonly source: StoredImageSet;
  /** Undefined: a new image set. */
  readonly destination: StoredImageSet | undefined;
  /** JSON text; undefined: all instances. */
  readonly copiableAttributes: string | undefined;
  readonly force: boolean;
  readonly promoteToPrimary: boolean;
}

/** AWS's quota. */
const maximumFrames = 1_000;

/**
 * Copies instances. Call it in a transaction.
 * @param now milliseconds since 1970
 * @returns the destination
 * @throws {ServiceError} ValidationException, ServiceQuotaExceededException
 */
export function copyInstances(store: Store, request: CopyRequest, now: number): StoredImageSet {
  const { source, destination, force } = request;
  const instances = instancesToCopy(store, request);
  const updatedAt = Math.max(now, latestUpdate(store) + 1);
  const known = destination === undefined ? [] : instancesOf(store, destination, destination.version);
  const copied = instances.map((instance) => ({
    ...instance,
    document: documentOf(instance, known[0], force),
  }));
  if (copied.some(({ sopInstanceUid }) => known.some((each) => each.sopInstanceUid === sopInstanceUid)))
    throw invalid('Expected no instance that the destination image set has.');
  const tags = tagsOfDocuments(
    [...known, ...copied].map(({ document }) => document),
    (destination ?? source).tags,
  );
  const written =
    destination === undefined
      ? make(store, request, { ...source, tags, createdAt: updatedAt, updatedAt })
      : raise(store, { ...destination, version: destination.version + 1, updatedAt, tags }, force);
  const insert = store.prepare('INSERT INTO instance VALUES (?, ?, ?, ?, NULL, ?)');
  for (const { sopInstanceUid, digest, document } of copied)
    insert.run(written.seq, sopInstanceUid, digest, written.version, JSON.stringify(document));
  return written;
}

function instancesToCopy(store: Store, { source, copiableAttributes }: CopyRequest): readonly Instance[] {
  const all = instancesOf(store, source, source.version);
  const { seriesInstanceUid } = source;
  const sopInstanceUids = all.map(({ sopInstanceUid }) => sopInstanceUid);
  const wanted =
    copiableAttributes === undefined
      ? sopInstanceUids
      : readCopiableAttributes(copiableAttributes, { seriesInstanceUid, sopInstanceUids });
  const instances = all.filter(({ sopInstanceUid }) => wanted.includes(sopInstanceUid));
  const frames = instances.reduce((sum, { document }) => sum + document.frameCount, 0);
  if (frames > maximumFrames)
    throw new ServiceError(
      'ServiceQuotaExceededException',
      `Expected no more than ${maximumFrames} image frames.`,
    );
  return instances;
}

/**
 * The document of a copy: its frames keep their IDs, and with force the destination's patient, study and series stay.
 * @throws {ServiceError} ValidationException where these differ, without force
 */
function documentOf(
  { document, digest }: Instance,
  other: Instance | undefined,
  force: boolean,
): InstanceDocument {
  const copy = { content: Buffer.from(digest).toString('hex'), ...document };
  if (other === undefined) return copy;
  const { patient, study, series } = other.document;
  const agrees = (['patient', 'study', 'series'] as const).every((level) =>
    isDeepStrictEqual(withoutNulls(document[level]), withoutNulls(other.document[level])),
  );
  if (agrees) return copy;
  if (!force) throw invalid('Expected patient, study and series of both image sets to agree, or force.');
  return { ...copy, patient, study, series };
}

/** Absent and empty are equal. */
function withoutNulls(attributes: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

function make(store: Store, { source, promoteToPrimary }: CopyRequest, copy: StoredImageSet): StoredImageSet {
  const { studyInstanceUid, seriesInstanceUid } = source;
  if (promoteToPrimary && !mayBePrimary(store, { studyInstanceUid, seriesInstanceUid, tags: copy.tags }))
    throw invalid('Expected nothing that contradicts the primary image sets of the study and the series.');
  const imageSetId = freeImageSetId(store, seriesInstanceUid, `copy of ${source.imageSetId}`);
  const imageSet = { ...copy, imageSetId, version: 1, isPrimary: promoteToPrimary, lastAccessedAt: null };
  const seq = insertImageSet(store, imageSet);
  insertVersion(store, { ...imageSet, seq }, false);
  return { ...imageSet, seq };
}

function raise(store: Store, imageSet: StoredImageSet, force: boolean): StoredImageSet {
  rewriteImageSet(store, imageSet.seq, imageSet);
  insertVersion(store, imageSet, force);
  return findImageSet(store, imageSet.imageSetId) ?? imageSet;
}

function insertVersion(store: Store, { seq, version, updatedAt }: StoredImageSet, force: boolean): void {
  store
    .prepare(
      `INSERT INTO image_set_version (image_set, version, import_run, updated_at, forced, status)
       VALUES (?, ?, 0, ?, ?, 'COPIED')`,
    )
    .run(seq, version, updatedAt, force ? 1 : 0);
}
