import type {
  ImageSetProperties,
  ListImageSetVersionsRequest,
  ListImageSetVersionsResponse,
} from '@aws-sdk/client-medical-imaging';

import { lockOf } from '../../edits/pendingEdits.ts';
import type { RestJson } from '../../model/restJson.ts';
import { findDeletedImageSet, type DeletedImageSet, type StoredImageSet } from '../../store/imageSets.ts';
import { versionsBefore } from '../../store/imageSetVersions.ts';
import type { Store } from '../../store/store.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { defaultMaxResults, openNextToken, sealNextToken } from '../nextToken.ts';
import { route, type Deps } from '../route.ts';
import { requireImageSet } from './requireImageSet.ts';
import { deletedProperties, versionProperties, workflowStatus } from './versionProperties.ts';

export const listImageSetVersions = route('ListImageSetVersions', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{imageSetId}/listImageSetVersions',
  query: { maxResults: 'maxResults', nextToken: 'nextToken' },
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    input: RestJson<ListImageSetVersionsRequest>,
  ): RestJson<ListImageSetVersionsResponse> {
    const { maxResults = defaultMaxResults } = input;
    const store = requireDatastore(datastores, input.datastoreId);
    const deleted = findDeletedImageSet(store, input.imageSetId);
    const imageSet = deleted ?? requireImageSet(store, input);
    const purpose = JSON.stringify([
      'ListImageSetVersions',
      store.datastore.datastoreId,
      imageSet.imageSetId,
    ]);
    const before = openNextToken(store, purpose, input.nextToken)?.seq ?? Infinity;
    const versions = propertiesBefore(store, imageSet, { before, limit: maxResults + 1 });
    const page = versions.slice(0, maxResults);
    const last = versions.length > maxResults ? page.at(-1) : undefined;
    return {
      imageSetPropertiesList: page,
      ...sealNextToken(store, purpose, last && { key: '', seq: Number(last.versionId) }),
    };
  },
});

/** Newest first. The model spells ImageSetWorkflowStatus with a capital letter, here only. */
function propertiesBefore(
  store: Store,
  imageSet: StoredImageSet | DeletedImageSet,
  { before, limit }: { readonly before: number; readonly limit: number },
): RestJson<ImageSetProperties>[] {
  if ('deletedAt' in imageSet) {
    return imageSet.versions
      .filter(([version]) => version < before)
      .toReversed()
      .slice(0, limit)
      .map((version) => ({ ...deletedProperties(imageSet, version), ImageSetWorkflowStatus: 'DELETED' }));
  }
  const lock = lockOf(store, imageSet.imageSetId);
  return versionsBefore(store, imageSet, Math.min(before, imageSet.version + 1), limit).map((version) => {
    const own = version.version === imageSet.version ? lock : undefined;
    return {
      ...versionProperties(imageSet, version, own),
      ImageSetWorkflowStatus: own ?? workflowStatus(version),
    };
  });
}
