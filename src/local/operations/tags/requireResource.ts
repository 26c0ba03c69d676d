import { ServiceError } from '../../serviceError.ts';
import type { Datastores } from '../../store/datastores/datastores.ts';
import type { Store } from '../../store/store.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { requireImageSet } from '../imageSets/requireImageSet.ts';

/**
 * The store of a data store or image set that an ARN names.
 * @param resourceArn of the form that the service model has
 * @throws {ServiceError} ResourceNotFoundException, also for an ARN of another region or account
 */
export function requireResource(datastores: Datastores, resourceArn: string): Store {
  const [datastoreArn = '', imageSetId] = resourceArn.split('/imageset/');
  const store = requireDatastore(datastores, datastoreArn.slice(datastoreArn.indexOf('/') + 1));
  if (datastoreArn !== store.datastore.arn) {
    throw new ServiceError('ResourceNotFoundException', 'Resource not found.');
  }
  if (imageSetId !== undefined) requireImageSet(store, { imageSetId });
  return store;
}
