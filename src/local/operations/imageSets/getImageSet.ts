import type { GetImageSetRequest, GetImageSetResponse } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import { versionsBefore } from '../../store/imageSetVersions.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { requireImageSet, requireVersion } from './requireImageSet.ts';
import { versionProperties, workflowStatus } from './versionProperties.ts';

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
    const imageSet = requireImageSet(store, input);
    const version = requireVersion(imageSet, input.versionId);
    const [found] = versionsBefore(store, imageSet, version + 1, 1);
    const { lastAccessedAt } = imageSet;
    return {
      datastoreId,
      ...versionProperties(imageSet, found ?? imageSet),
      imageSetWorkflowStatus: workflowStatus(found ?? imageSet),
      imageSetArn: `${arn}/imageset/${imageSet.imageSetId}`,
      ...(lastAccessedAt !== null && { lastAccessedAt: epochSeconds(lastAccessedAt) }),
      storageTier: 'FREQUENT_ACCESS',
    };
  },
});
