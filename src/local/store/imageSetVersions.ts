import type { StoredImageSet } from './imageSets.ts';
import type { Store } from './store.ts';

export interface ImageSetVersion {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Newest first, those before a version. */
export function versionsBefore(
  store: Store,
  { seq }: StoredImageSet,
  version: number,
  limit: number,
): ImageSetVersion[] {
  return store
    .prepare(
      `SELECT version, updated_at FROM image_set_version
       WHERE image_set = ? AND version < ? ORDER BY version DESC LIMIT ?`,
    )
    .all(seq, version, limit)
    .map((row) => ({ version: Number(row['version']), updatedAt: Number(row['updated_at']) }));
}

/** What GetImageSet and ListImageSetVersions say of a version alike. Times in seconds since 1970, as restJson1 has them. */
export function versionProperties(
  { imageSetId, createdAt, isPrimary }: StoredImageSet,
  { version, updatedAt }: ImageSetVersion,
) {
  return {
    imageSetId,
    versionId: String(version),
    imageSetState: 'ACTIVE',
    createdAt: createdAt / 1000,
    updatedAt: updatedAt / 1000,
    isPrimary,
  } as const;
}

/** The first version is made by an import, later ones are what imports add to it. */
export function workflowStatus(version: number): 'CREATED' | 'UPDATED' {
  return version === 1 ? 'CREATED' : 'UPDATED';
}
