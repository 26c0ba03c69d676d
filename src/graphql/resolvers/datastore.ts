import { operations, type DatastoreProperties } from '../../healthimaging/api.ts';
import { demand } from '../access/fieldPolicies.ts';
import { nullWhenNotFound, readableDatastore } from '../access/objectAccess.ts';
import type { RequestContext } from '../context.ts';
import type { DatastoreResolvers } from '../generated.ts';
import type { DatastoreObject } from '../types/objects.ts';
import type { Complete } from './complete.ts';
import { decodeGlobalId, demandOneObject, encodeGlobalId } from './globalId.ts';
import { searchImageSets } from './searchImageSets.ts';

function property<Name extends keyof DatastoreProperties>(name: Name) {
  return async ({ datastoreId }: DatastoreObject, _args: object, { loaders }: RequestContext) =>
    (await loaders.datastore.load(datastoreId))[name];
}

/** Reads the data store, so that one that HealthImaging does not have is null. */
export function readDatastore(
  context: RequestContext,
  datastoreId: string | null | undefined,
): Promise<DatastoreObject | null> {
  demand('any', context);
  const read = { operation: operations.getDatastore };
  return nullWhenNotFound(() =>
    context.loaders.datastore.load(readableDatastore(context, datastoreId, read)),
  );
}

export const datastore: Complete<DatastoreResolvers, DatastoreObject> = {
  __resolveReference(reference, context) {
    demandOneObject('Datastore', reference);
    const id = 'id' in reference ? decodeGlobalId(reference.id) : undefined;
    const datastoreId =
      id?.type === 'Datastore' ? id.datastoreId : 'datastoreId' in reference ? reference.datastoreId : '';
    return readDatastore(context, datastoreId);
  },
  id: ({ datastoreId }) => encodeGlobalId({ type: 'Datastore', datastoreId }),
  name: property('name'),
  status: property('status'),
  arn: property('arn'),
  createdAt: property('createdAt'),
  updatedAt: property('updatedAt'),
  imageSets: ({ datastoreId }, args, context) => searchImageSets(context, { ...args, datastoreId }),
};
