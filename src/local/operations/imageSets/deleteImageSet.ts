import type { DeleteImageSetRequest, DeleteImageSetResponse } from '@aws-sdk/client-medical-imaging';

import { beginEdit } from '../../edits/pendingEdits.ts';
import type { RestJson } from '../../model/restJson.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { finishSoon } from './finishSoon.ts';
import { requireImageSet } from './requireImageSet.ts';

export const deleteImageSet = route('DeleteImageSet', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/imageSet/{imageSetId}/deleteImageSet',
  handle(deps: Deps, input: RestJson<DeleteImageSetRequest>): RestJson<DeleteImageSetResponse> {
    const store = requireDatastore(deps.datastores, input.datastoreId);
    const { imageSetId } = requireImageSet(store, input);
    store.transaction(() => {
      beginEdit(store, [{ imageSetId, status: 'DELETING' }], { kind: 'delete' });
    });
    finishSoon(deps, store);
    return {
      datastoreId: store.datastore.datastoreId,
      imageSetId,
      imageSetState: 'LOCKED',
      imageSetWorkflowStatus: 'DELETING',
    };
  },
});
