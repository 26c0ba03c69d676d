import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { SearchThread } from './searchApart.ts';
import { sqliteCode, StoreError } from './storeError.ts';
import { migrate } from './storeSchema.ts';

export interface StoreOptions {
  /** Folder of the store's files, made if need be; `:memory:` keeps nothing. */
  readonly directory: string;
  /** In the folder, default `healthimaging.sqlite`: the first data store. */
  readonly fileName?: string;
  /** Region in the ARNs of a new store, default `us-east-1`; an existing store keeps its own. */
  readonly region?: string;
  /** Milliseconds since 1970, for a new store. */
  readonly now?: () => number;
}

/** The data store of a store file, of which there is one. Times are milliseconds since 1970. */
export interface Datastore {
  readonly datastoreId: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** 32 bytes: seals this store's next tokens. */
  readonly tokenSecret: Uint8Array;
}

const firstFileName = 'healthimaging.sqlite';
/** How long a write waits for another process's transaction. */
const busyTimeoutMs = 5_000;

/** An open store. It caches no rows: another process may import at any time. */
export class Store {
  readonly datastore: Datastore;
  /** For searches that take long; a store in memory has none, since no other connection reaches it. */
  readonly thread: SearchThread | undefined;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.datastore = readDatastore(database);
    const path = database.location();
    const { datastoreId } = this.datastore;
    this.thread = path === null ? undefined : new SearchThread({ path, datastoreId });
  }

  /** The statement for a text, prepared once. Values are always bound and never part of the text, so there are few texts. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs `work` as one write transaction, rolled back when it throws. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite itself rolls back when the disk is full.
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

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    this.thread?.close();
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @throws {StoreError} when the folder or the file cannot be used as a store */
export function openStore(options: StoreOptions): Store {
  const { directory, fileName = firstFileName, region = 'us-east-1', now = Date.now } = options;
  const database = openDatabase(directory, fileName);
  try {
    // In replayed power losses FULL lost nothing; NORMAL lost batches whose import had been reported.
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
      { cause: error },
    );
  }
}

/** Another connection to a store that is open. It makes none, and writes nothing. */
export function openStoreToRead(path: string): Store {
  const url = pathToFileURL(path);
  // Not a read-only connection: closed last, it would leave the newest rows in the -wal file.
  url.searchParams.set('mode', 'rw');
  const database = new DatabaseSync(url, { timeout: busyTimeoutMs });
  database.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
  return new Store(database);
}

function openDatabase(directory: string, fileName: string): DatabaseSync {
  const options = { timeout: busyTimeoutMs, enableForeignKeyConstraints: true };
  if (directory === ':memory:') return new DatabaseSync(directory, options);
  try {
    makeFolder(directory);
    // A folder with other things in it keeps its mode.
    if (readdirSync(directory).length === 0) chmodSync(directory, 0o700);
    const path = join(directory, fileName);
    // Made here with the right mode: SQLite gives the -wal and -shm files the mode of the database file.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    return new DatabaseSync(path, options);
  } catch (error) {
    throw new StoreError('Expected a folder for the store that can be made, read and written.', {
      cause: error,
    });
  }
}

/** As `mkdir -p`. Node.js's own `recursive` never returns where the system says ENOENT below a folder that exists, as /proc does. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it in between.
    if (!existsSync(directory)) throw error;
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
    // Nobody's account; the ARN pattern asks for twelve digits.
    arn: `arn:aws:medical-imaging:${String(row['region'])}:000000000000:datastore/${datastoreId}`,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    tokenSecret: row['token_secret'] as Uint8Array,
  };
}
