import type { GetDatastoreRequest, GetDatastoreResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import { route, type Deps } from '../route.ts';
import { datastoreProperties } from './datastoreProperties.ts';

/** Also of a data store that was deleted: clients wait for DELETED. */
export const getDatastore = route('GetDatastore', {
  method: 'GET',
  path: '/datastore/{datastoreId}',
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { datastoreId }: RestJson<GetDatastoreRequest>,
  ): RestJson<GetDatastoreResponse> {
    const record = datastores.record(datastoreId);
    if (record === undefined) throw new ServiceError('ResourceNotFoundException', 'Data store not found.');
    return { datastoreProperties: datastoreProperties(record) };
  },
});
