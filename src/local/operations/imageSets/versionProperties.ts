import type { ImageSetProperties, ImageSetWorkflowStatus } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import type { StoredImageSet } from '../../store/imageSets.ts';
import type { ImageSetVersion } from '../../store/imageSetVersions.ts';

/** What GetImageSet and ListImageSetVersions have in common. */
export function versionProperties(
  { imageSetId, createdAt, isPrimary }: StoredImageSet,
  { version, updatedAt }: ImageSetVersion,
): RestJson<ImageSetProperties> {
  return {
    imageSetId,
    versionId: String(version),
    imageSetState: 'ACTIVE',
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
    isPrimary,
  };
}

/** An import creates the first version; later imports that add to it make the others. */
export function workflowStatus({ version }: ImageSetVersion): ImageSetWorkflowStatus {
  return version === 1 ? 'CREATED' : 'UPDATED';
}
