import type { StoredImageSet } from './imageSets.ts';
import type { Store } from './store.ts';

export interface ImageSetVersion {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** Whether it was made by an update with force. */
  readonly isForced: boolean;
  /** Workflow status, where it does not follow from the number. */
  readonly status?: string;
}

/** The versions before a given one, newest first. */
export function versionsBefore(
  store: Store,
  { seq }: StoredImageSet,
  version: number,
  limit: number,
): ImageSetVersion[] {
  return store
    .prepare(
      `SELECT version, updated_at, forced, status FROM image_set_version
       WHERE image_set = ? AND version < ? ORDER BY version DESC LIMIT ?`,
    )
    .all(seq, version, limit)
    .map((row) => ({
      version: Number(row['version']),
      updatedAt: Number(row['updated_at']),
      isForced: row['forced'] === 1,
      ...(typeof row['status'] === 'string' && { status: row['status'] }),
    }));
}
