import type { SearchFilter } from '../../search/filter/criteria.ts';
import { confineToPatient, rowsOfPatient } from '../../search/filter/confineToPatient.ts';
import { toSearchCriteria } from '../../search/filter/filter.ts';
import { fingerprint } from '../../search/filter/fingerprint.ts';
import { imageSetConnection } from '../../search/paging/connection.ts';
import type { SearchRecord } from '../../audit/recorder.ts';
import { allowedDatastore } from '../access/objectAccess.ts';
import type { RequestContext } from '../context.ts';
import type { QueryImageSetsArgs } from '../generated.ts';
import type { ImageSetConnectionObject } from '../types/objects.ts';

type SearchArguments = Partial<QueryImageSetsArgs>;

/**
 * A window of a search: what every field that lists image sets resolves to.
 * @param own the condition that the field's own object is, such as a patient's identifier
 */
export async function searchImageSets(
  context: RequestContext,
  args: SearchArguments,
  own?: SearchFilter,
): Promise<ImageSetConnectionObject> {
  const record = context.audit?.beginSearch(args, own);
  try {
    const connection = await connectionOf(context, args, { own, record });
    record?.found(connection.nodes);
    return connection;
  } catch (error) {
    record?.failed(error);
    throw error;
  }
}

async function connectionOf(
  context: RequestContext,
  { datastoreId, filter, sort, first, after }: SearchArguments,
  { own, record }: { readonly own: SearchFilter | undefined; readonly record: SearchRecord | undefined },
): Promise<ImageSetConnectionObject> {
  const { services, call, principal } = context;
  const datastore = allowedDatastore(context, datastoreId);
  const asked = toSearchCriteria(filter, sort, own);
  record?.understood(datastore, asked);
  const { patientId } = principal.grant;
  const criteria = patientId === undefined ? asked : confineToPatient(asked, patientId);
  services.countClientPage();
  const { tokenLoops } = services;
  const search = `${datastore} ${fingerprint(criteria).toString('base64url')}`;
  const connection = await tokenLoops.watch(search, () =>
    imageSetConnection(
      { first, after },
      {
        criteria,
        binding: { datastoreId: datastore, tenant: principal.tenant, principal: principal.id },
        sealer: services.sealer,
        pageSize: services.pageSize,
        async fetchPage({ resumed, ...page }) {
          const request = { datastoreId: datastore, criteria, ...page };
          const maxAgeMs = resumed ? services.pageWalkMs : services.pageFreshMs;
          const found = await services.pages.get(request, {
            maxAgeMs: tokenLoops.maxAgeMs(search, maxAgeMs),
            ...call,
          });
          return patientId === undefined ? found : { ...found, rows: rowsOfPatient(found.rows, patientId) };
        },
      },
    ),
  );
  const { pageInfo } = connection;
  const hasNextPage = () => tokenLoops.watch(search, pageInfo.hasNextPage);
  return { ...connection, pageInfo: { ...pageInfo, hasNextPage } };
}
