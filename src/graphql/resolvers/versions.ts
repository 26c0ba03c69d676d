import type { ImageSetPropertiesObject, ImageSetVersionConnectionObject } from '../types/objects.ts';
import { fingerprintOf } from '../../search/filter/fingerprint.ts';
import { noTrials } from '../../search/paging/boundTrials.ts';
import { windowConnection, type ConnectionArguments } from '../../search/paging/connection.ts';
import type { RequestContext } from '../context.ts';

/** A window of an image set's versions, newest first, as ListImageSetVersions gives them. */
export function versionConnection(
  context: RequestContext,
  { datastoreId, imageSetId }: { readonly datastoreId: string; readonly imageSetId: string },
  args: ConnectionArguments,
): Promise<ImageSetVersionConnectionObject> {
  const { services, loaders, principal } = context;
  return windowConnection<ImageSetPropertiesObject>(args, {
    fingerprint: fingerprintOf('versions', imageSetId),
    // HealthImaging does not document an order, and takes no range.
    order: { idOf: ({ versionId }) => versionId, valueOf: () => null, boundAt: () => null },
    trials: noTrials,
    binding: { datastoreId, tenant: principal.tenant, principal: principal.id },
    sealer: services.sealer,
    pageSize: services.pageSize,
    async fetchPage({ nextToken, maxResults }) {
      const page = { maxResults, ...(nextToken !== undefined && { nextToken }) };
      const { versions, ...rest } = await loaders.versions.load({ datastoreId, imageSetId, ...page });
      return { rows: versions, ...rest };
    },
  });
}
