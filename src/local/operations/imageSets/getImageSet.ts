import type { GetImageSetRequest, GetImageSetResponse } from '@aws-sdk/client-medical-imaging';

import { lockOf } from '../../edits/pendingEdits.ts';
import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import { findDeletedImageSet, type DeletedImageSet } from '../../store/imageSets.ts';
import { versionsBefore } from '../../store/imageSetVersions.ts';
import { ServiceError } from '../../serviceError.ts';
import type { Store } from '../../store/store.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { requireImageSet, requireVersion } from './requireImageSet.ts';
import { deletedProperties, versionProperties, workflowStatus } from './versionProperties.ts';

/** Leaves lastAccessedAt alone: AWS counts reads of metadata and pixels only. */
export const getImageSet = route('GetImageSet', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{imageSetId}/getImageSet',
  query: { version: 'versionId' },
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    input: RestJson<GetImageSetRequest>,
  ): RestJson<GetImageSetResponse> {
    const store = requireDatastore(datastores, input.datastoreId);
    const { datastoreId, arn } = store.datastore;
    const deleted = findDeletedImageSet(store, input.imageSetId);
    if (deleted !== undefined) return ofDeleted(store, deleted, input.versionId);
    const imageSet = requireImageSet(store, input);
    const version = requireVersion(imageSet, input.versionId);
    const [found = { ...imageSet, isForced: false }] = versionsBefore(store, imageSet, version + 1, 1);
    const lock = version === imageSet.version ? lockOf(store, imageSet.imageSetId) : undefined;
    const { lastAccessedAt } = imageSet;
    return {
      datastoreId,
      ...versionProperties(imageSet, found, lock),
      imageSetWorkflowStatus: lock ?? workflowStatus(found),
      imageSetArn: `${arn}/imageset/${imageSet.imageSetId}`,
      ...(lastAccessedAt !== null && { lastAccessedAt: epochSeconds(lastAccessedAt) }),
      storageTier: 'FREQUENT_ACCESS',
    };
  },
});

/** @throws {ServiceError} ResourceNotFoundException for a version that there was not */
function ofDeleted(
  { datastore: { datastoreId, arn } }: Store,
  deleted: DeletedImageSet,
  versionId: string | undefined,
): RestJson<GetImageSetResponse> {
  const version =
    versionId === undefined
      ? deleted.versions.at(-1)
      : deleted.versions.find(([each]) => each === Number(versionId));
  if (version === undefined)
    throw new ServiceError('ResourceNotFoundException', 'Image set version not found.');
  return {
    datastoreId,
    ...deletedProperties(deleted, version),
    imageSetWorkflowStatus: 'DELETED',
    imageSetArn: `${arn}/imageset/${deleted.imageSetId}`,
  };
}
