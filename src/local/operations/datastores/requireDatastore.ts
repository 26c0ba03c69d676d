import { ServiceError } from '../../serviceError.ts';
import type { Datastore, Store } from '../../store/store.ts';

/** @throws {ServiceError} ResourceNotFoundException for any data store but the store's own */
export function requireDatastore({ datastore }: Store, datastoreId: string): Datastore {
  if (datastoreId === datastore.datastoreId) return datastore;
  throw new ServiceError('ResourceNotFoundException', 'Data store not found.');
}
