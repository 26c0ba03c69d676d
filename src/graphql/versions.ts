import { hash } from 'node:crypto';

import DataLoader from 'dataloader';

import type { ImageSetProperties, VersionsPage, VersionsRequest } from '../healthimaging/api.ts';
import { windowConnection, type Connection } from '../search/connection.ts';
import type { PagingArguments } from '../search/pagingArguments.ts';
import type { RequestContext } from './context.ts';

export type VersionConnection = Connection<ImageSetProperties>;

interface ImageSetOfVersions {
  readonly datastoreId: string;
  readonly imageSetId: string;
}

/** 16 bytes that stand for the list: a cursor of one image set's versions is no cursor of another's. */
function fingerprintOf({ imageSetId }: ImageSetOfVersions): Buffer {
  return hash('sha256', `versions:${imageSetId}`, 'buffer').subarray(0, 16);
}

type PageLoader = DataLoader<VersionsRequest, VersionsPage, string>;

const loaders = new WeakMap<RequestContext, PageLoader>();

/** Pages of versions of one request: two paths to an image set ask for its versions once. */
function pageLoader(context: RequestContext): PageLoader {
  const known = loaders.get(context);
  if (known !== undefined) return known;
  const { services, call } = context;
  const read = (request: VersionsRequest) => services.api.listImageSetVersions(request, call);
  const loader: PageLoader = new DataLoader(
    // Settled one by one: HealthImaging lists one image set a call, and one that fails is no reason for the others to.
    async (requests) =>
      (await Promise.allSettled(requests.map(read))).map((each) =>
        each.status === 'fulfilled' ? each.value : (each.reason as Error),
      ),
    { cacheKeyFn: (request) => JSON.stringify(Object.entries(request).sort()) },
  );
  loaders.set(context, loader);
  return loader;
}

/** One window of the versions of an image set, newest first, as ListImageSetVersions gives them. */
export function versionConnection(
  context: RequestContext,
  { datastoreId, imageSetId }: ImageSetOfVersions,
  { first, after }: PagingArguments,
): Promise<VersionConnection> {
  const { services, principal } = context;
  return windowConnection<ImageSetProperties>({
    first,
    after,
    fingerprint: fingerprintOf({ datastoreId, imageSetId }),
    idOf: ({ versionId }) => versionId,
    binding: { datastoreId, tenant: principal.tenant, principal: principal.id },
    sealer: services.sealer,
    pageSize: services.pageSize,
    async fetchPage({ nextToken, maxResults }) {
      const page = { maxResults, ...(nextToken !== undefined && { nextToken }) };
      const request = { datastoreId, imageSetId, ...page };
      const { versions, ...rest } = await pageLoader(context).load(request);
      return { rows: versions, ...rest };
    },
  });
}
