import { requireDatastore, type DatastoreInput, type Operation } from './operation.ts';
import { datastoreSummary } from './listDatastores.ts';

export const getDatastore: Operation<DatastoreInput> = (context, input) => {
  requireDatastore(context, input);
  return { body: JSON.stringify({ datastoreProperties: datastoreSummary(context.store.datastore) }) };
};
