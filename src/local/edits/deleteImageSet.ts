import { findImageSet, insertDeleted } from '../store/imageSets.ts';
import type { Store } from '../store/store.ts';
import { removeAllTags } from '../store/tagging/tags.ts';

/** Removes an image set with all its versions, and remembers that there was one. Call it in a transaction. */
export function deleteImageSet(store: Store, imageSetId: string, now: number): void {
  const imageSet = findImageSet(store, imageSetId);
  if (imageSet === undefined) return;
  insertDeleted(store, imageSet, Math.max(now, imageSet.updatedAt));
  removeAllTags(store, `${store.datastore.arn}/imageset/${imageSetId}`);
  for (const table of ['instance', 'image_set_version'])
    store.prepare(`DELETE FROM ${table} WHERE image_set = ?`).run(imageSet.seq);
  store.prepare('DELETE FROM image_set WHERE seq = ?').run(imageSet.seq);
}
