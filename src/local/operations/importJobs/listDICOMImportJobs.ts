import type { DICOMImportJobSummary, ListDICOMImportJobsRequest } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { defaultMaxResults, openNextToken, sealNextToken } from '../nextToken.ts';
import { route, type Deps } from '../route.ts';
import { jobSummary, type Nullable } from './jobSummary.ts';

interface Output {
  readonly jobSummaries: readonly Nullable<RestJson<DICOMImportJobSummary>>[];
  readonly nextToken?: string;
}

/** Newest first. */
export const listDICOMImportJobs = route('ListDICOMImportJobs', {
  method: 'GET',
  path: '/listDICOMImportJobs/datastore/{datastoreId}',
  query: { jobStatus: 'jobStatus', nextToken: 'nextToken', maxResults: 'maxResults' },
  handle(
    { datastores, importJobs }: Pick<Deps, 'datastores' | 'importJobs'>,
    {
      datastoreId,
      jobStatus: status,
      maxResults = defaultMaxResults,
      nextToken,
    }: RestJson<ListDICOMImportJobsRequest>,
  ): Output {
    const store = requireDatastore(datastores, datastoreId);
    const purpose = JSON.stringify(['ListDICOMImportJobs', datastoreId, status]);
    const before = openNextToken(store, purpose, nextToken)?.seq;
    const jobs = importJobs.list(store, { status, before, limit: maxResults + 1 });
    const page = jobs.slice(0, maxResults);
    const last = jobs.length > maxResults ? page.at(-1) : undefined;
    return {
      jobSummaries: page.map((job) => jobSummary(datastoreId, job)),
      ...sealNextToken(store, purpose, last && { key: last.seq, seq: last.seq }),
    };
  },
});
