import { ServiceError } from '../../serviceError.ts';
import type { Datastores } from '../../store/datastores/datastores.ts';
import type { Store } from '../../store/store.ts';

/** @throws {ServiceError} ResourceNotFoundException for a data store that is not there */
export function requireDatastore(datastores: Datastores, datastoreId: string): Store {
  const store = datastores.find(datastoreId);
  if (store === undefined) throw new ServiceError('ResourceNotFoundException', 'Data store not found.');
  return store;
}
