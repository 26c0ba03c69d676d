import { hash } from 'node:crypto';

import type { ImageSetProperties } from '../../healthimaging/api.ts';
import { windowConnection, type Connection } from '../../search/paging/connection.ts';
import type { PagingArguments } from '../../search/paging/pagingArguments.ts';
import type { RequestContext } from '../context.ts';

export type VersionConnection = Connection<ImageSetProperties>;

interface ImageSetOfVersions {
  readonly datastoreId: string;
  readonly imageSetId: string;
}

/** 16 bytes that stand for the list: a cursor of one image set's versions is no cursor of another's. */
function fingerprintOf({ imageSetId }: ImageSetOfVersions): Buffer {
  return hash('sha256', `versions:${imageSetId}`, 'buffer').subarray(0, 16);
}

/** One window of the versions of an image set, newest first, as ListImageSetVersions gives them. */
export function versionConnection(
  context: RequestContext,
  { datastoreId, imageSetId }: ImageSetOfVersions,
  { first, after }: PagingArguments,
): Promise<VersionConnection> {
  const { services, loaders, principal } = context;
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
      const { versions, ...rest } = await loaders.versions.load(request);
      return { rows: versions, ...rest };
    },
  });
}
