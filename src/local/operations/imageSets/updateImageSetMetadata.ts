import type {
  UpdateImageSetMetadataRequest,
  UpdateImageSetMetadataResponse,
} from '@aws-sdk/client-medical-imaging';

import { contentAfter, imageSetsOfUpdate, type UpdateRequest } from '../../edits/applyUpdate.ts';
import { beginEdit, type Lock } from '../../edits/pendingEdits.ts';
import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { finishSoon } from './finishSoon.ts';
import { requireImageSet, requireLatest } from './requireImageSet.ts';

/** Newer than the SDK's types. Blobs are base64. */
interface Input extends Omit<RestJson<UpdateImageSetMetadataRequest>, 'updateImageSetMetadataUpdates'> {
  readonly includeStudyImageSets?: boolean;
  readonly updateImageSetMetadataUpdates: {
    readonly DICOMUpdates?: Pick<UpdateRequest, 'updatableAttributes' | 'removableAttributes'>;
    readonly revertToVersionId?: string;
  };
}

export const updateImageSetMetadata = route('UpdateImageSetMetadata', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{imageSetId}/updateImageSetMetadata',
  query: { latestVersion: 'latestVersionId', force: 'force', includeStudyImageSets: 'includeStudyImageSets' },
  payload: 'updateImageSetMetadataUpdates',
  // Two blobs of 30,000 bytes in base64.
  maximumBodyBytes: 131_072,
  handle(deps: Deps, input: Input): RestJson<UpdateImageSetMetadataResponse> {
    const store = requireDatastore(deps.datastores, input.datastoreId);
    const request = requestOf(input);
    const imageSet = store.transaction(() => {
      const found = requireLatest(requireImageSet(store, input), input.latestVersionId);
      const [, ...others] = imageSetsOfUpdate(store, found, request.includesStudy);
      // Everything that could be refused is refused now.
      contentAfter(store, found, request);
      const lock: Lock = { imageSetId: found.imageSetId, status: 'UPDATING' };
      const locks = others.map(({ imageSetId }): Lock => ({ imageSetId, status: ofStudy }));
      beginEdit(store, [lock, ...locks], { kind: 'update', ...request });
      return found;
    });
    finishSoon(deps, store);
    return {
      datastoreId: store.datastore.datastoreId,
      imageSetId: imageSet.imageSetId,
      latestVersionId: String(imageSet.version + 1),
      imageSetState: 'LOCKED',
      imageSetWorkflowStatus: 'UPDATING',
      createdAt: epochSeconds(imageSet.createdAt),
      updatedAt: epochSeconds(imageSet.updatedAt),
    };
  },
});

/** Newer than the SDK's types. */
const ofStudy = 'UPDATING_FOR_STUDY_CONSISTENCY' as Lock['status'];

/** @throws {ServiceError} ValidationException */
function requestOf({ force = false, includeStudyImageSets = false, ...input }: Input): UpdateRequest {
  const { DICOMUpdates: updates, revertToVersionId } = input.updateImageSetMetadataUpdates;
  if (revertToVersionId !== undefined) {
    if (includeStudyImageSets)
      throw new ServiceError(
        'ValidationException',
        'Expected no includeStudyImageSets where a version is reverted to.',
      );
    return { revertToVersionId: Number(revertToVersionId), force, includesStudy: false };
  }
  if (updates?.updatableAttributes === undefined && updates?.removableAttributes === undefined)
    throw new ServiceError('ValidationException', 'Expected attributes to be updated or removed.');
  return { ...updates, force, includesStudy: includeStudyImageSets };
}
