import type {
  ListImageSetVersionsRequest,
  ListImageSetVersionsResponse,
} from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { versionsBefore } from '../../store/imageSetVersions.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { defaultMaxResults, openNextToken, sealNextToken } from '../nextToken.ts';
import { route, type Deps } from '../route.ts';
import { requireImageSet } from './requireImageSet.ts';
import { versionProperties, workflowStatus } from './versionProperties.ts';

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
    const imageSet = requireImageSet(store, input);
    const purpose = JSON.stringify([
      'ListImageSetVersions',
      store.datastore.datastoreId,
      imageSet.imageSetId,
    ]);
    const before = openNextToken(store, purpose, input.nextToken)?.seq ?? imageSet.version + 1;
    const versions = versionsBefore(store, imageSet, before, maxResults + 1);
    const page = versions.slice(0, maxResults);
    const last = versions.length > maxResults ? page.at(-1) : undefined;
    return {
      imageSetPropertiesList: page.map((version) => ({
        ...versionProperties(imageSet, version),
        // The model spells it with a capital letter, here only.
        ImageSetWorkflowStatus: workflowStatus(version),
      })),
      ...sealNextToken(store, purpose, last && { key: '', seq: last.version }),
    };
  },
});
