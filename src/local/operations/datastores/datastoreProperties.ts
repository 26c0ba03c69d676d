import type { DatastoreProperties } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import type { Datastore } from '../../store/store.ts';

export function datastoreProperties(datastore: Datastore): RestJson<DatastoreProperties> {
  return {
    datastoreId: datastore.datastoreId,
    datastoreName: 'local',
    datastoreStatus: 'ACTIVE',

    datastoreArn: datastore.arn,
    createdAt: epochSeconds(datastore.createdAt),
    updatedAt: epochSeconds(datastore.updatedAt),
  };
}
