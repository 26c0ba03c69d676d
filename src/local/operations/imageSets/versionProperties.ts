import type { ImageSetProperties, ImageSetWorkflowStatus } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import type { DeletedImageSet, StoredImageSet } from '../../store/imageSets.ts';
import type { ImageSetVersion } from '../../store/imageSetVersions.ts';

/** What GetImageSet and ListImageSetVersions have in common. */
export function versionProperties(
  { imageSetId, createdAt, isPrimary }: StoredImageSet,
  { version, updatedAt, isForced }: ImageSetVersion,
  lock: ImageSetWorkflowStatus | undefined,
): RestJson<ImageSetProperties> {
  return {
    imageSetId,
    versionId: String(version),
    imageSetState: lock === undefined ? 'ACTIVE' : 'LOCKED',
    ...(isForced && { overrides: { forced: true } }),
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
    isPrimary,
  };
}

/** Of an image set that was deleted. */
export function deletedProperties(
  { imageSetId, createdAt, deletedAt, isPrimary }: DeletedImageSet,
  [version, updatedAt]: DeletedImageSet['versions'][number],
): RestJson<ImageSetProperties> {
  return {
    imageSetId,
    versionId: String(version),
    imageSetState: 'DELETED',
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
    deletedAt: epochSeconds(deletedAt),
    isPrimary,
  };
}

/** An import creates the first version; later imports that add to it make the others, and so do updates. */
export function workflowStatus({ version, status }: ImageSetVersion): ImageSetWorkflowStatus {
  if (status !== undefined) return status as ImageSetWorkflowStatus;
  return version === 1 ? 'CREATED' : 'UPDATED';
}
