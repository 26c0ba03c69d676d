import type { DeleteDatastoreRequest, DeleteDatastoreResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { route, type Deps } from '../route.ts';

/** The data store is gone when this answers, which says DELETING as the service does. */
export const deleteDatastore = route('DeleteDatastore', {
  method: 'DELETE',
  path: '/datastore/{datastoreId}',
  handle(
    { datastores, importJobs, now }: Pick<Deps, 'datastores' | 'importJobs' | 'now'>,
    { datastoreId }: RestJson<DeleteDatastoreRequest>,
  ): RestJson<DeleteDatastoreResponse> {
    // A job that nobody runs is to end some day.
    const store = datastores.find(datastoreId);
    if (store !== undefined) importJobs.adopt(store);
    datastores.delete(datastoreId, now());
    return { datastoreId, datastoreStatus: 'DELETING' };
  },
});
