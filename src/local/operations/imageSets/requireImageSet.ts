import { ServiceError } from '../../serviceError.ts';
import { findImageSet, type StoredImageSet } from '../../store/imageSets.ts';
import type { Store } from '../../store/store.ts';

interface ImageSetKey {
  readonly imageSetId: string;
}

/** @throws {ServiceError} ResourceNotFoundException */
export function requireImageSet(store: Store, { imageSetId }: ImageSetKey): StoredImageSet {
  const imageSet = findImageSet(store, imageSetId);
  if (imageSet === undefined) throw new ServiceError('ResourceNotFoundException', 'Image set not found.');
  return imageSet;
}

/** @throws {ServiceError} ConflictException where another version is the latest */
export function requireLatest(imageSet: StoredImageSet, latestVersionId: string | undefined): StoredImageSet {
  if (Number(latestVersionId) === imageSet.version) return imageSet;
  throw new ServiceError('ConflictException', 'Expected the latest version of the image set.');
}

/**
 * The version asked for, as a number; the newest when none is.
 * @param versionId digits
 * @throws {ServiceError} ResourceNotFoundException
 */
export function requireVersion(imageSet: StoredImageSet, versionId: string | undefined): number {
  if (versionId === undefined) return imageSet.version;
  const version = Number(versionId);
  if (version >= 1 && version <= imageSet.version) return version;
  throw new ServiceError('ResourceNotFoundException', 'Image set version not found.');
}
