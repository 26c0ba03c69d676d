import type { SearchFilter } from '../../search/filter/criteria.ts';
import { confineToPatient, rowsOfPatient } from '../../search/filter/confineToPatient.ts';
import { toSearchCriteria } from '../../search/filter/filter.ts';
import { fingerprint } from '../../search/filter/fingerprint.ts';
import type { ImageSetRow } from '../../search/imageSet.ts';
import { imageSetConnection, type ImageSetSearch } from '../../search/paging/connection.ts';
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
  const { services, principal } = context;
  const datastore = allowedDatastore(context, datastoreId);
  const asked = toSearchCriteria(filter, sort, own);
  record?.understood(datastore, asked);
  const { patientId } = principal.grant;
  const criteria = patientId === undefined ? asked : confineToPatient(asked, patientId);
  services.countClientPage();
  const { tokenLoops } = services;
  const reading = { isAhead: false };
  const search = `${datastore} ${fingerprint(criteria).toString('base64url')}`;
  const connection = await tokenLoops.watch(search, () =>
    imageSetConnection(
      { first, after },
      {
        criteria,
        binding: { datastoreId: datastore, tenant: principal.tenant, principal: principal.id },
        sealer: services.sealer,
        pageSize: services.pageSize,
        trials: services.boundTrials(criteria),
        ...pagesOf(context, { datastore, search, patientId, reading }),
      },
    ),
  );
  if (services.pages.keepsPages && after !== null && after !== undefined) {
    // One who has come to a second window will come to others.
    context.whenAnswered(() => {
      reading.isAhead = true;
      void connection.readAhead();
    });
  }
  const { pageInfo } = connection;
  const hasNextPage = () => tokenLoops.watch(search, pageInfo.hasNextPage);
  return { ...connection, pageInfo: { ...pageInfo, hasNextPage } };
}

/** The `@cost` of a search, which stands for its call of HealthImaging. */
const costOfCall = 10;

/** The upstream pages of a search, kept and new, with none but the rows that the principal may see. */
function pagesOf(
  { services, call, spared }: RequestContext,
  {
    datastore,
    search,
    patientId,
    reading,
  }: {
    readonly datastore: string;
    readonly search: string;
    readonly patientId: string | undefined;
    /** Changes once the answer has been sent, to pages that nobody waits for. */
    readonly reading: { readonly isAhead: boolean };
  },
): Pick<ImageSetSearch, 'fetchPage' | 'keptPage'> {
  const { pages, tokenLoops, pageFreshMs, pageWalkMs } = services;
  const allowed = <Page extends { readonly rows: readonly ImageSetRow[] }>(page: Page): Page =>
    patientId === undefined ? page : { ...page, rows: rowsOfPatient(page.rows, patientId) };
  let calls = 0;
  spared.push(() => (calls === 0 ? costOfCall : 0));
  const onCall = () => {
    calls += 1;
  };
  return {
    async fetchPage({ criteria, ...request }) {
      const { nextToken, maxResults, pageSizeOfToken } = request;
      const asked = {
        datastoreId: datastore,
        criteria,
        maxResults,
        ...(nextToken !== undefined && { nextToken }),
        ...(pageSizeOfToken !== undefined && { pageSizeOfToken }),
      };
      return allowed(
        await pages.fetch(asked, {
          ...{ maxAgeMs: pageFreshMs, keepAs: { search, request }, onCall },
          ...{ ahead: reading.isAhead, ...call },
        }),
      );
    },
    keptPage(age, isWanted) {
      const maxAgeMs = tokenLoops.maxAgeMs(search, age === 'first' ? pageFreshMs : pageWalkMs);
      const kept = pages.find(search, maxAgeMs, (page) => isWanted(allowed(page)));
      return kept && allowed(kept);
    },
  };
}
