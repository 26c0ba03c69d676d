import { badUserInput } from '../../errors.ts';
import { listConnection } from '../../search/paging/listConnection.ts';
import type { RequestContext } from '../context.ts';
import type { QueryResolvers } from '../generated.ts';
import { largestSizes } from '../types/largestSizes.ts';
import type { Complete } from './complete.ts';
import { readDatastore } from './datastore.ts';
import { decodeGlobalId } from './globalId.ts';
import { readImageSet } from './imageSet.ts';
import { searchImageSets } from './searchImageSets.ts';

async function readNode(context: RequestContext, globalId: string) {
  const id = decodeGlobalId(globalId);
  if (id === undefined) return null;
  if (id.type === 'Datastore') {
    const datastore = await readDatastore(context, id.datastoreId);
    return datastore && { __typename: 'Datastore' as const, ...datastore };
  }
  const imageSet = await readImageSet(context, id.datastoreId, id.imageSetId);
  return imageSet && { __typename: 'ImageSet' as const, ...imageSet };
}

export const query: Complete<QueryResolvers, object> = {
  imageSets: (_root, args, context) => searchImageSets(context, args),
  imageSet: (_root, { datastoreId, imageSetId, version }, context) =>
    readImageSet(context, datastoreId, imageSetId, version),
  datastore: (_root, { datastoreId }, context) => readDatastore(context, datastoreId),
  datastores: (_root, { first, after }, context) =>
    listConnection({
      first,
      after,
      items: context.principal.grant.datastoreIds.map((datastoreId) => ({ datastoreId })),
      idOf: ({ datastoreId }) => datastoreId,
    }),
  node: (_root, { id }, context) => readNode(context, id),
  nodes(_root, { ids }, context) {
    if (ids.length > largestSizes.nodes) {
      throw badUserInput('ids', `at most ${largestSizes.nodes} identifiers`);
    }
    return Promise.all(ids.map((id) => readNode(context, id)));
  },
};
