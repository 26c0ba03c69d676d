import type { Datastore } from '../store/store.ts';
import { openToken, type Operation, type PageInput } from './operation.ts';

interface ListDatastoresInput extends PageInput {
  readonly datastoreStatus?: string;
}

export const listDatastores: Operation<ListDatastoresInput> = ({ store }, { datastoreStatus, nextToken }) => {
  // One data store never takes a second page: no token is ours.
  openToken(store, 'ListDatastores', nextToken);
  const matches = datastoreStatus === undefined || datastoreStatus === 'ACTIVE';
  return { body: JSON.stringify({ datastoreSummaries: matches ? [datastoreSummary(store.datastore)] : [] }) };
};

/** Times in seconds since 1970, as restJson1 has them. */
export function datastoreSummary({ datastoreId, arn, createdAt, updatedAt }: Datastore) {
  return {
    datastoreId,
    datastoreName: 'local',
    datastoreStatus: 'ACTIVE',
    datastoreArn: arn,
    createdAt: createdAt / 1000,
    updatedAt: updatedAt / 1000,
  } as const;
}
