import type { ListDatastoresRequest, ListDatastoresResponse } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { openNextToken } from '../nextToken.ts';
import { route, type Deps } from '../route.ts';
import { datastoreProperties } from './datastoreProperties.ts';

export const listDatastores = route('ListDatastores', {
  method: 'GET',
  path: '/datastore',
  query: { maxResults: 'maxResults', nextToken: 'nextToken', datastoreStatus: 'datastoreStatus' },
  handle(
    { datastores }: Pick<Deps, 'datastores'>,
    { datastoreStatus = 'ACTIVE', nextToken }: RestJson<ListDatastoresRequest>,
  ): RestJson<ListDatastoresResponse> {
    // A single data store never fills a page, so no token was given out: this refuses whatever comes.
    openNextToken(datastores.first, 'ListDatastores', nextToken);
    const summary = datastoreProperties(datastores.first.datastore);
    return { datastoreSummaries: datastoreStatus === summary.datastoreStatus ? [summary] : [] };
  },
});
