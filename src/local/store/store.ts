import { chmodSync, closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { sqliteCode, StoreError } from './storeError.ts';
import { migrate } from './storeSchema.ts';

export interface StoreOptions {
  /** Folder of the store's files, made when it is not there; `:memory:` keeps nothing. */
  readonly directory: string;
  /** Of a new store; an existing one keeps its own. Part of the ARNs. Default `us-east-1`. */
  readonly region?: string;
  /** Milliseconds since 1970, for a new store. */
  readonly now?: () => number;
}

/** The one data store of a file. Times are milliseconds since 1970. */
export interface Datastore {
  readonly datastoreId: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** 32 bytes: seals this store's page tokens. */
  readonly tokenSecret: Uint8Array;
}

const fileName = 'healthimaging.sqlite';
/** How long a write waits for another process's transaction. */
const busyTimeoutMs = 5_000;

/** An open store. Nothing read is kept across calls: another process may import at any time. */
export class Store {
  readonly datastore: Datastore;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.datastore = readDatastore(database);
  }

  /** The statement, prepared once. The texts are a closed set: values are always bound, never part of a text. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs `work` as one write transaction: all of it is kept, or, when it throws, nothing. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Runs a write that may fail rather than wait for another process longer than `timeoutMs`. */
  withBusyTimeout<Result>(timeoutMs: number, work: () => Result): Result {
    this.#database.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
    try {
      return work();
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @throws {StoreError} when the folder or the file cannot be used as a store */
export function openStore({ directory, region = 'us-east-1', now = Date.now }: StoreOptions): Store {
  const database = openDatabase(directory);
  try {
    // embedded-store facts: FULL lost nothing in replayed power losses, NORMAL lost acknowledged batches.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
    `);
    migrate(database, { region, now: now() });
    return new Store(database);
  } catch (error) {
    database.close();
    if (error instanceof StoreError || !isNotADatabase(error)) throw error;
    throw new StoreError(
      'Expected a SQLite database, but the store file is not one. Choose another folder.',
      {
        cause: error,
      },
    );
  }
}

function openDatabase(directory: string): DatabaseSync {
  const options = { timeout: busyTimeoutMs, enableForeignKeyConstraints: true };
  if (directory === ':memory:') return new DatabaseSync(directory, options);
  try {
    const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
    // A folder that holds other things as well is its owner's to close.
    if (made === undefined && readdirSync(directory).length === 0) chmodSync(directory, 0o700);
    const path = join(directory, fileName);
    // Made here rather than by SQLite, which gives -wal and -shm the mode of the database file.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    return new DatabaseSync(path, options);
  } catch (error) {
    throw new StoreError('Expected a folder for the store that can be made, read and written.', {
      cause: error,
    });
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
function isNotADatabase(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 11 || code === 26;
}

function readDatastore(database: DatabaseSync): Datastore {
  const row = database.prepare('SELECT * FROM datastore').get();
  if (row === undefined) throw new StoreError('Expected a data store in the store file, but it is empty.');
  const datastoreId = String(row['datastore_id']);
  return {
    datastoreId,
    // No account owns it: AWS's documentation uses such numbers too, and the ARN pattern asks for twelve digits.
    arn: `arn:aws:medical-imaging:${String(row['region'])}:000000000000:datastore/${datastoreId}`,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    tokenSecret: row['token_secret'] as Uint8Array,
  };
}
