import type { SearchFilter } from '../search/criteria.ts';
import { imageSetConnection, type ImageSetConnection } from '../search/connection.ts';
import { toSearchCriteria } from '../search/filter.ts';
import { fingerprint } from '../search/fingerprint.ts';
import { allowedDatastore, type RequestContext } from './context.ts';
import type { QueryImageSetsArgs } from './generated.ts';

export type SearchArguments = Partial<QueryImageSetsArgs>;

/**
 * One window of a search, as every field that lists image sets gives it.
 * @param own the condition that the field's object is itself, such as a patient's id
 */
export async function searchImageSets(
  context: RequestContext,
  { datastoreId, filter, sort, first, after }: SearchArguments,
  own?: SearchFilter,
): Promise<ImageSetConnection> {
  const { services, call, principal } = context;
  const datastore = allowedDatastore(context, datastoreId);
  const criteria = toSearchCriteria(filter, sort, own);
  services.countClientPage();
  const { circles } = services;
  const search = `${datastore} ${fingerprint(criteria).toString('base64url')}`;
  const connection = await circles.watch(search, () =>
    imageSetConnection({
      criteria,
      first,
      after,
      binding: { datastoreId: datastore, tenant: principal.tenant, principal: principal.id },
      sealer: services.sealer,
      pageSize: services.pageSize,
      fetchPage({ resumed, ...page }) {
        const request = { datastoreId: datastore, criteria, ...page };
        const maxAgeMs = resumed ? services.pageWalkMs : services.pageFreshMs;
        return services.pages.get(request, { maxAgeMs: circles.maxAgeMs(search, maxAgeMs), ...call });
      },
    }),
  );
  const { pageInfo } = connection;
  const hasNextPage = () => circles.watch(search, pageInfo.hasNextPage);
  return { ...connection, pageInfo: { ...pageInfo, hasNextPage } };
}
