import type { GetDatastoreRequest, GetDatastoreResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { route, type Deps } from '../route.ts';
import { datastoreProperties } from './datastoreProperties.ts';
import { requireDatastore } from './requireDatastore.ts';

export const getDatastore = route('GetDatastore', {
  method: 'GET',
  path: '/datastore/{datastoreId}',
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { datastoreId }: RestJson<GetDatastoreRequest>,
  ): RestJson<GetDatastoreResponse> {
    const { datastore } = requireDatastore(datastores, datastoreId);
    return { datastoreProperties: datastoreProperties(datastore) };
  },
});
