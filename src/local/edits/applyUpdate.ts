import { ServiceError } from '../serviceError.ts';
import { findImageSet, latestUpdate, rewriteImageSet, type StoredImageSet } from '../store/imageSets.ts';
import {
  digestOfEdit,
  instancesOf,
  type Instance,
  type InstanceDocument,
} from '../store/metadataDocument.ts';
import type { Store } from '../store/store.ts';
import { checkUpdates, readTree, updatedDocuments, type MetadataUpdates } from './metadataUpdates.ts';
import { tagsOfDocuments } from './tagsOfDocuments.ts';

/** An update as the operation was asked for it; blobs are base64. */
export interface UpdateRequest {
  readonly updatableAttributes?: string;
  readonly removableAttributes?: string;
  readonly revertToVersionId?: number;
  readonly force: boolean;
  readonly includesStudy: boolean;
}

/** Documents by SOP Instance UID, and the instances that they are of. */
type Content = ReadonlyMap<string, InstanceDocument>;

/** The image sets that an update changes: the one that it names, then those of its study. */
export function imageSetsOfUpdate(
  store: Store,
  imageSet: StoredImageSet,
  includesStudy: boolean,
): StoredImageSet[] {
  if (!includesStudy) return [imageSet];
  const others = store
    .prepare(
      'SELECT image_set_id FROM image_set WHERE study_uid = ? AND is_primary = 1 AND image_set_id <> ? ORDER BY seq',
    )
    .all(imageSet.studyInstanceUid, imageSet.imageSetId)
    .flatMap((row) => findImageSet(store, String(row['image_set_id'])) ?? []);
  return [imageSet, ...others];
}

/**
 * What an image set holds after an update.
 * @throws {ServiceError} ValidationException for an update that the service refuses
 */
export function contentAfter(store: Store, imageSet: StoredImageSet, request: UpdateRequest): Content {
  const { revertToVersionId } = request;
  if (revertToVersionId !== undefined) {
    if (revertToVersionId < 1 || revertToVersionId > imageSet.version)
      throw new ServiceError('ValidationException', 'Expected a version of the image set to revert to.');
    return documentsOf(instancesOf(store, imageSet, revertToVersionId));
  }
  const documents = documentsOf(instancesOf(store, imageSet, imageSet.version));
  const updates = updatesOf(request, imageSet.seriesInstanceUid);
  const { force, includesStudy } = request;
  const { seriesInstanceUid, isPrimary } = imageSet;
  checkUpdates(updates, { seriesInstanceUid, isPrimary, force, includesStudy, documents });
  return updatedDocuments(updates, documents);
}

/** Of the study's other image sets: what is not of a series or an instance. */
function contentOfOther(store: Store, imageSet: StoredImageSet, updates: MetadataUpdates): Content {
  const upper = (tree: MetadataUpdates['updatable']) => tree && { ...tree, series: {}, instances: {} };
  const documents = documentsOf(instancesOf(store, imageSet, imageSet.version));
  return updatedDocuments(
    { updatable: upper(updates.updatable), removable: upper(updates.removable) },
    documents,
  );
}

function updatesOf(
  { updatableAttributes, removableAttributes }: UpdateRequest,
  seriesInstanceUid: string,
): MetadataUpdates {
  const read = (text: string | undefined) =>
    text === undefined ? undefined : readTree(Buffer.from(text, 'base64'), seriesInstanceUid);
  return { updatable: read(updatableAttributes), removable: read(removableAttributes) };
}

function documentsOf(instances: readonly Instance[]): Content {
  return new Map(
    instances.map(({ sopInstanceUid, digest, document }) => [
      sopInstanceUid,
      { content: Buffer.from(digest).toString('hex'), ...document },
    ]),
  );
}

/** Makes the next version of the image sets of an update. Call it in a transaction. @param now milliseconds since 1970 */
export function applyUpdate(store: Store, imageSetId: string, request: UpdateRequest, now: number): void {
  const named = findImageSet(store, imageSetId);
  if (named === undefined) return;
  const updates =
    request.revertToVersionId === undefined ? updatesOf(request, named.seriesInstanceUid) : undefined;
  let time = Math.max(now - 1, latestUpdate(store));
  for (const imageSet of imageSetsOfUpdate(store, named, request.includesStudy)) {
    const content =
      imageSet === named || updates === undefined
        ? contentAfter(store, imageSet, request)
        : contentOfOther(store, imageSet, updates);
    writeVersion(store, imageSet, { content, force: request.force, updatedAt: (time += 1) });
  }
}

function writeVersion(
  store: Store,
  imageSet: StoredImageSet,
  {
    content,
    force,
    updatedAt,
  }: { readonly content: Content; readonly force: boolean; readonly updatedAt: number },
): void {
  const { seq } = imageSet;
  const version = imageSet.version + 1;
  store
    .prepare('UPDATE instance SET until_version = ? WHERE image_set = ? AND until_version IS NULL')
    .run(version, seq);
  const insert = store.prepare('INSERT INTO instance VALUES (?, ?, ?, ?, NULL, ?)');
  for (const [sopInstanceUid, document] of content) {
    // Not the digest of a file: a file that is imported again is known by the row that was made for it.
    const digest = digestOfEdit(document.content, version);
    insert.run(seq, sopInstanceUid, digest, version, JSON.stringify(document));
  }
  store
    .prepare(
      'INSERT INTO image_set_version (image_set, version, import_run, updated_at, forced) VALUES (?, ?, 0, ?, ?)',
    )
    .run(seq, version, updatedAt, force ? 1 : 0);
  const tags = tagsOfDocuments([...content.values()], imageSet.tags);
  rewriteImageSet(store, seq, {
    ...imageSet,
    ...{ version, updatedAt, tags },
    studyInstanceUid: tags.DICOMStudyInstanceUID ?? imageSet.studyInstanceUid,
    seriesInstanceUid: tags.DICOMSeriesInstanceUID ?? imageSet.seriesInstanceUid,
  });
}
