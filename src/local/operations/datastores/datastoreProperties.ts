import type { DatastoreProperties, DatastoreSummary } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import type { DatastoreRecord } from '../../store/datastores/registry.ts';

export function datastoreSummary(record: DatastoreRecord): RestJson<DatastoreSummary> {
  return {
    datastoreId: record.datastoreId,
    datastoreName: record.name,
    datastoreStatus: record.status,
    datastoreArn: record.arn,
    createdAt: epochSeconds(record.createdAt),
    updatedAt: epochSeconds(record.updatedAt),
  };
}

export function datastoreProperties(record: DatastoreRecord): RestJson<DatastoreProperties> {
  const { kmsKeyArn, lambdaAuthorizerArn } = record;
  return {
    ...datastoreSummary(record),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(lambdaAuthorizerArn !== undefined && { lambdaAuthorizerArn }),
    losslessStorageFormat: 'HTJ2K',
  };
}
