import type { Store } from '../store.ts';

/** What is known of a data store. Times are milliseconds since 1970. */
export interface DatastoreRecord {
  /** Its place in the order of creation. */
  readonly seq: number;
  readonly datastoreId: string;
  readonly arn: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'DELETED';
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Kept as they were given: nothing is encrypted with the key, and the authorizer is never asked. */
  readonly kmsKeyArn: string | undefined;
  readonly lambdaAuthorizerArn: string | undefined;
}

/** The request that made a data store. */
export interface CreationRequest {
  readonly clientToken: string;
  /** Of everything else in the request. */
  readonly digest: string;
}

export type NewRecord = Omit<DatastoreRecord, 'seq' | 'status'>;

/** @param request undefined for a data store that no request made */
export function insertRecord(registry: Store, record: NewRecord, request?: CreationRequest): void {
  registry
    .prepare(
      `INSERT INTO registered_datastore
         (datastore_id, arn, name, status, created_at, updated_at, kms_key_arn, lambda_authorizer_arn, client_token, request_digest)
       VALUES (?, ?, ?, 'ACTIVE', ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      record.datastoreId,
      record.arn,
      record.name,
      record.createdAt,
      record.updatedAt,
      record.kmsKeyArn ?? null,
      record.lambdaAuthorizerArn ?? null,
      request?.clientToken ?? null,
      request?.digest ?? null,
    );
}

export function findRecord(registry: Store, datastoreId: string): DatastoreRecord | undefined {
  const row = registry.prepare('SELECT * FROM registered_datastore WHERE datastore_id = ?').get(datastoreId);
  return row === undefined ? undefined : toRecord(row);
}

export interface ListedRecords {
  readonly status: string | undefined;
  /** The seq of the last record of the page before; 0 for the first page. */
  readonly after: number;
  readonly limit: number;
}

/** Records in the order of creation. */
export function listRecords(registry: Store, { status, after, limit }: ListedRecords): DatastoreRecord[] {
  return registry
    .prepare(
      'SELECT * FROM registered_datastore WHERE seq > ? AND (? IS NULL OR status = ?) ORDER BY seq LIMIT ?',
    )
    .all(after, status ?? null, status ?? null, limit)
    .map(toRecord);
}

export function countRecords(registry: Store, status: DatastoreRecord['status']): number {
  const row = registry
    .prepare('SELECT count(*) AS records FROM registered_datastore WHERE status = ?')
    .get(status);
  return Number(row?.['records']);
}

/** What an earlier request with the token made, and the digest of that request. */
export function findCreation(
  registry: Store,
  clientToken: string,
): { readonly datastoreId: string; readonly digest: string } | undefined {
  const row = registry
    .prepare('SELECT datastore_id, request_digest FROM registered_datastore WHERE client_token = ?')
    .get(clientToken);
  return row === undefined
    ? undefined
    : { datastoreId: String(row['datastore_id']), digest: String(row['request_digest']) };
}

export function markDeleted(registry: Store, datastoreId: string, now: number): void {
  registry
    .prepare(
      "UPDATE registered_datastore SET status = 'DELETED', updated_at = max(?, created_at) WHERE datastore_id = ?",
    )
    .run(now, datastoreId);
}

function toRecord(row: Record<string, unknown>): DatastoreRecord {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined);
  return {
    seq: Number(row['seq']),
    datastoreId: String(row['datastore_id']),
    arn: String(row['arn']),
    name: String(row['name']),
    status: row['status'] === 'DELETED' ? 'DELETED' : 'ACTIVE',
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    kmsKeyArn: text('kms_key_arn'),
    lambdaAuthorizerArn: text('lambda_authorizer_arn'),
  };
}
