import { canonicalCriteria, readCriteria, type SearchCriteria } from '../store/criteria.ts';
import { searchRows } from '../store/searchRows.ts';
import {
  defaultMaxResults,
  nextToken,
  openToken,
  requireDatastore,
  type DatastoreInput,
  type Operation,
  type PageInput,
} from './operation.ts';

interface SearchImageSetsInput extends DatastoreInput, PageInput {
  readonly searchCriteria?: SearchCriteria;
}

export const searchImageSets: Operation<SearchImageSetsInput> = (context, input) => {
  const { store } = context;
  const search = readCriteria(input.searchCriteria ?? {});
  requireDatastore(context, input);
  const purpose = JSON.stringify(['SearchImageSets', store.datastore.datastoreId, canonicalCriteria(search)]);
  const after = openToken(store, purpose, input.nextToken);
  const { summaries, end } = searchRows(store, search, after, input.maxResults ?? defaultMaxResults);
  const rest = JSON.stringify({ sort: search.sort, ...nextToken(store, purpose, end) });
  return { body: `{"imageSetsMetadataSummaries":[${summaries.join(',')}],${rest.slice(1)}` };
};
