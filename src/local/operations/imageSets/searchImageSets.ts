import type { SearchImageSetsRequest, SearchImageSetsResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { canonicalCriteria, readCriteria, type SearchCriteria } from '../../store/criteria.ts';
import { searchRows } from '../../store/searchRows.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { defaultMaxResults, openNextToken, sealNextToken } from '../nextToken.ts';
import { JsonText, route, type Deps } from '../route.ts';

interface Input extends Omit<RestJson<SearchImageSetsRequest>, 'searchCriteria'> {
  readonly searchCriteria?: SearchCriteria;
}

type Output = RestJson<SearchImageSetsResponse>;

export const searchImageSets = route('SearchImageSets', {
  method: 'POST',
  hostPrefix: 'runtime-',
  path: '/datastore/{datastoreId}/searchImageSets',
  query: { maxResults: 'maxResults', nextToken: 'nextToken' },
  payload: 'searchCriteria',
  async handle({ datastores }: Pick<Deps, 'datastores'>, input: Input): Promise<JsonText<Output>> {
    const { maxResults = defaultMaxResults } = input;
    const search = readCriteria(input.searchCriteria ?? {});
    const store = requireDatastore(datastores, input.datastoreId);
    const purpose = JSON.stringify(['SearchImageSets', input.datastoreId, canonicalCriteria(search)]);
    const after = openNextToken(store, purpose, input.nextToken);
    const { summaries, end } = await searchRows(store, { search, after, limit: maxResults });
    const rest: Omit<Output, 'imageSetsMetadataSummaries'> = {
      sort: search.sort,
      ...sealNextToken(store, purpose, end),
    };
    // The store keeps summaries as JSON. To parse them and write them again would take most of the time of a page.
    return new JsonText(
      `{"imageSetsMetadataSummaries":[${summaries.join(',')}],${JSON.stringify(rest).slice(1)}`,
    );
  },
});
