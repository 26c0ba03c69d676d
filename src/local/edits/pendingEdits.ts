import type { ImageSetWorkflowStatus } from '@aws-sdk/client-medical-imaging';

import { ServiceError } from '../serviceError.ts';
import type { Store } from '../store/store.ts';
import { applyUpdate, type UpdateRequest } from './applyUpdate.ts';
import { deleteImageSet } from './deleteImageSet.ts';

/** What is to be done to an image set. In JSON in the store: blobs are base64. */
export type Edit =
  | { readonly kind: 'delete' }
  /** The copy is there already. */
  | { readonly kind: 'copy' }
  | ({ readonly kind: 'update' } & UpdateRequest);

export interface Lock {
  readonly imageSetId: string;
  readonly status: ImageSetWorkflowStatus;
}

/** @returns undefined where the image set is not locked */
export function lockOf(store: Store, imageSetId: string): ImageSetWorkflowStatus | undefined {
  const row = store.prepare('SELECT status FROM pending_edit WHERE image_set_id = ?').get(imageSetId);
  return row === undefined ? undefined : (String(row['status']) as ImageSetWorkflowStatus);
}

/**
 * Locks image sets, the first of which the edit is of. Call it in a transaction.
 * @throws {ServiceError} ConflictException where one of them is locked
 */
export function beginEdit(store: Store, locks: readonly [Lock, ...Lock[]], edit: Edit): void {
  if (locks.some(({ imageSetId }) => lockOf(store, imageSetId) !== undefined))
    throw new ServiceError('ConflictException', 'The image set is locked.');
  const insert = store.prepare('INSERT INTO pending_edit VALUES (?, ?, ?)');
  for (const [index, { imageSetId, status }] of locks.entries())
    insert.run(imageSetId, status, index === 0 ? JSON.stringify(edit) : null);
}

/** `finishPending` in a transaction of its own. @param now milliseconds since 1970 */
export function finishEdits(store: Store, now: number): void {
  store.transaction(() => {
    finishPending(store, now);
  });
}

/**
 * Does what is pending, and unlocks; call it in a transaction. An update that can no longer be made, though it could when it was asked for, has failed: its image
 * set stays as it is.
 * @param now milliseconds since 1970
 */
export function finishPending(store: Store, now: number): void {
  const pending = store.prepare('SELECT image_set_id, edit FROM pending_edit').all();
  if (pending.length === 0) return;
  for (const { image_set_id: imageSetId, edit: text } of pending) {
    // Null where it is locked for the edit of another.
    const edit = typeof text === 'string' ? (JSON.parse(text) as Edit) : undefined;
    if (edit?.kind === 'delete') deleteImageSet(store, String(imageSetId), now);
    else if (edit?.kind === 'update') tryToUpdate(store, String(imageSetId), edit, now);
  }
  store.prepare('DELETE FROM pending_edit').run();
}

function tryToUpdate(store: Store, imageSetId: string, request: UpdateRequest, now: number): void {
  try {
    applyUpdate(store, imageSetId, request, now);
  } catch (error) {
    // It is refused before anything is written.
    if (!(error instanceof ServiceError)) throw error;
    store
      .prepare(
        `UPDATE image_set_version SET status = 'UPDATE_FAILED'
         WHERE (image_set, version) = (SELECT seq, version FROM image_set WHERE image_set_id = ?)`,
      )
      .run(imageSetId);
  }
}
