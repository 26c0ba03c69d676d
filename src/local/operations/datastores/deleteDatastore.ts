import type { DeleteDatastoreRequest, DeleteDatastoreResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { route, type Deps } from '../route.ts';

/** The data store is gone when this answers, which says DELETING as the service does. */
export const deleteDatastore = route('DeleteDatastore', {
  method: 'DELETE',
  path: '/datastore/{datastoreId}',
  handle(
    { datastores, now }: Pick<Deps, 'datastores' | 'now'>,
    { datastoreId }: RestJson<DeleteDatastoreRequest>,
  ): RestJson<DeleteDatastoreResponse> {
    datastores.delete(datastoreId, now());
    return { datastoreId, datastoreStatus: 'DELETING' };
  },
});
