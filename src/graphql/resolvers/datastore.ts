import { operations, type DatastoreProperties } from '../../healthimaging/api.ts';
import { nullWhenNotFound, readableDatastore, type RequestContext } from '../context.ts';
import type { DatastoreResolvers } from '../generated.ts';
import { decodeGlobalId, encodeGlobalId } from './globalId.ts';
import { demand } from '../access/fieldPolicies.ts';
import { searchImageSets } from './searchImageSets.ts';
import type { Complete } from './complete.ts';

/** A data store that may be asked for; the rest of it is read when it is selected. */
export interface DatastoreReference {
  readonly datastoreId: string;
}

function property<Name extends keyof DatastoreProperties>(name: Name) {
  return async ({ datastoreId }: DatastoreReference, _args: object, { loaders }: RequestContext) =>
    (await loaders.datastore.load(datastoreId))[name];
}

/** Reads the data store, so that one which HealthImaging does not have is null. */
export function readDatastore(
  context: RequestContext,
  datastoreId: string | null | undefined,
): Promise<DatastoreReference | null> {
  demand('any', context);
  const read = { operation: operations.getDatastore };
  return nullWhenNotFound(() =>
    context.loaders.datastore.load(readableDatastore(context, datastoreId, read)),
  );
}

export const datastore: Complete<DatastoreResolvers, DatastoreReference> = {
  __resolveReference(reference, context) {
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
