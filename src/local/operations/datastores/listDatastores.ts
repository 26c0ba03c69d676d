import type { ListDatastoresRequest, ListDatastoresResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { defaultMaxResults, openNextToken, sealNextToken } from '../nextToken.ts';
import { route, type Deps } from '../route.ts';
import { datastoreSummary } from './datastoreProperties.ts';

/** In the order of creation. */
export const listDatastores = route('ListDatastores', {
  method: 'GET',
  path: '/datastore',
  query: { maxResults: 'maxResults', nextToken: 'nextToken', datastoreStatus: 'datastoreStatus' },
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { datastoreStatus: status, maxResults = defaultMaxResults, nextToken }: RestJson<ListDatastoresRequest>,
  ): RestJson<ListDatastoresResponse> {
    const purpose = JSON.stringify(['ListDatastores', status]);
    const sealed = { datastore: datastores };
    const after = openNextToken(sealed, purpose, nextToken)?.seq ?? 0;
    const records = datastores.list({ status, after, limit: maxResults + 1 });
    const page = records.slice(0, maxResults);
    const last = records.length > maxResults ? page.at(-1) : undefined;
    return {
      datastoreSummaries: page.map(datastoreSummary),
      ...sealNextToken(sealed, purpose, last && { key: last.seq, seq: last.seq }),
    };
  },
});
