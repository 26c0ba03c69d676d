import { hash } from 'node:crypto';

import { ServiceError } from '../../serviceError.ts';
import { isEmpty } from '../imageSets.ts';
import { hasUnfinishedJob } from '../jobs/importJobs.ts';
import { openStore, type Store, type StoreOptions } from '../store.ts';
import { addTags, removeAllTags, type Tags } from '../tagging/tags.ts';
import {
  countRecords,
  findCreation,
  findRecord,
  insertRecord,
  listRecords,
  markDeleted,
  type DatastoreRecord,
  type ListedRecords,
} from './registry.ts';
import { StoreFiles } from './storeFiles.ts';

export interface NewDatastore {
  readonly clientToken: string;
  /** Default: its ID. Several may have the same. */
  readonly name?: string;
  readonly tags?: Tags;
  readonly kmsKeyArn?: string;
  readonly lambdaAuthorizerArn?: string;
}

/** AWS's quota. */
const maximumDatastores = 100;

/**
 * The data stores of a data folder, each a store with a file of its own. The file of the first also has the registry of them all, and
 * stays when that data store is deleted. Nothing is cached but open stores: another process may make and delete data stores.
 */
export class Datastores {
  /** The folder; `:memory:` for one that is not there. */
  readonly directory: string;
  readonly #registry: Store;
  readonly #files: StoreFiles | undefined;
  readonly #options: StoreOptions;
  readonly #open = new Map<string, Store>();
  readonly #first: string;

  /** @throws {StoreError} when the folder or a file in it cannot be used */
  constructor(options: StoreOptions) {
    this.directory = options.directory;
    this.#options = options;
    this.#registry = openStore(options);
    this.#files = options.directory === ':memory:' ? undefined : new StoreFiles(options);
    const { datastoreId } = this.#registry.datastore;
    this.#open.set(datastoreId, this.#registry);
    try {
      if (findRecord(this.#registry, datastoreId) === undefined) this.#registerFirst();
      this.#tidyFiles();
      this.#first = this.#activeOrNew();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The oldest data store when the folder was opened: what commands import into and serve where none is named. */
  get first(): Store {
    return this.find(this.#first) ?? this.#registry;
  }

  /** 32 bytes: seals the next tokens of lists of data stores. */
  get tokenSecret(): Uint8Array {
    return this.#registry.datastore.tokenSecret;
  }

  /** @returns undefined for a data store that is not there, or was deleted */
  find(datastoreId: string): Store | undefined {
    const open = this.#open.get(datastoreId);
    if (this.record(datastoreId)?.status !== 'ACTIVE') {
      // Another process has deleted it.
      if (open !== undefined) this.#release(datastoreId);
      return undefined;
    }
    if (open !== undefined) return open;
    const store = this.#openFile(datastoreId);
    const deletedAt = deletionOf(store);
    if (deletedAt === undefined) return store;
    // A deletion was interrupted.
    this.delete(datastoreId, deletedAt);
    return undefined;
  }

  /** Also of one that was deleted. */
  record(datastoreId: string): DatastoreRecord | undefined {
    return findRecord(this.#registry, datastoreId);
  }

  /** In the order of creation; those that were deleted stay. */
  list(page: ListedRecords): DatastoreRecord[] {
    return listRecords(this.#registry, page);
  }

  /**
   * Makes a data store. The same request again, by its token, finds the one that it made, also where that was deleted since.
   * @param now milliseconds since 1970
   * @returns its ID
   * @throws {ServiceError} ConflictException, ServiceQuotaExceededException, ValidationException
   */
  create(request: NewDatastore, now: number): string {
    const { clientToken, name, tags = {}, kmsKeyArn, lambdaAuthorizerArn } = request;
    const digest = digestOf(request);
    let made: Store | undefined;
    try {
      return this.#registry.transaction(() => {
        const earlier = findCreation(this.#registry, clientToken);
        if (earlier?.digest === digest) return earlier.datastoreId;
        if (earlier !== undefined) {
          throw new ServiceError('ConflictException', 'The clientToken came with another request before.');
        }
        if (countRecords(this.#registry, 'ACTIVE') >= maximumDatastores) {
          throw new ServiceError(
            'ServiceQuotaExceededException',
            `Expected no more than ${maximumDatastores} data stores.`,
          );
        }
        const store = (made = this.#make());
        const { datastoreId, arn } = store.datastore;
        store.transaction(() => {
          addTags(store, arn, tags);
        });
        const record = { datastoreId, arn, createdAt: now, updatedAt: now, kmsKeyArn, lambdaAuthorizerArn };
        insertRecord(this.#registry, { ...record, name: name ?? datastoreId }, { clientToken, digest });
        return datastoreId;
      });
    } catch (error) {
      if (made !== undefined) this.#release(made.datastore.datastoreId);
      throw error;
    }
  }

  /**
   * Deletes a data store with its file. One that was deleted before stays so.
   * @param now milliseconds since 1970
   * @throws {ServiceError} ResourceNotFoundException; ConflictException where it has image sets, or an import job runs
   */
  delete(datastoreId: string, now: number): void {
    const deleted = this.#registry.transaction(() => {
      const record = this.record(datastoreId);
      if (record === undefined) throw new ServiceError('ResourceNotFoundException', 'Data store not found.');
      if (record.status === 'DELETED') return false;
      const store = this.#open.get(datastoreId) ?? this.#openFile(datastoreId);
      // The file first: should the process end in between, the data store is empty and can be deleted again.
      if (store === this.#registry) markEmptyAsDeleted(store, now);
      else store.transaction(() => markEmptyAsDeleted(store, now));
      markDeleted(this.#registry, datastoreId, now);
      return true;
    });
    if (!deleted) return;
    if (datastoreId === this.#registry.datastore.datastoreId) this.#registry.prepare('VACUUM').run();
    this.#release(datastoreId);
  }

  close(): void {
    for (const store of this.#open.values()) store.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #make(): Store {
    const store = this.#files?.make() ?? openStore(this.#options);
    this.#open.set(store.datastore.datastoreId, store);
    return store;
  }

  #openFile(datastoreId: string): Store {
    if (this.#files === undefined) throw new Error('Expected an open store.');
    const store = this.#files.open(datastoreId);
    this.#open.set(datastoreId, store);
    return store;
  }

  /** Of a data store that is gone: closes its store and removes its file. */
  #release(datastoreId: string): void {
    if (datastoreId === this.#registry.datastore.datastoreId) return;
    this.#open.get(datastoreId)?.close();
    this.#open.delete(datastoreId);
    this.#files?.remove(datastoreId);
  }

  #registerFirst(): void {
    const { datastoreId } = this.#registry.datastore;
    this.#registry.transaction(() => {
      if (this.record(datastoreId) === undefined) this.#register(this.#registry, 'local');
    });
  }

  #register({ datastore }: Store, name: string): void {
    const { datastoreId, arn, createdAt, updatedAt } = datastore;
    const record = { datastoreId, arn, name, createdAt, updatedAt };
    insertRecord(this.#registry, { ...record, kmsKeyArn: undefined, lambdaAuthorizerArn: undefined });
  }

  /**
   * Removes what interrupted creations and deletions left. A file with image sets that nobody registered, as where the first file was
   * put back from an older copy, is registered.
   */
  #tidyFiles(): void {
    const files = this.#files;
    if (files === undefined) return;
    const isActive = (datastoreId: string) => this.record(datastoreId)?.status === 'ACTIVE';
    if (files.unfinished().length === 0 && files.ids().every(isActive)) return;
    // Whoever makes a data store holds the registry's lock meanwhile.
    this.#registry.transaction(() => {
      files.removeUnfinished();
      for (const datastoreId of files.ids().filter((id) => !isActive(id))) {
        const store = this.record(datastoreId) === undefined ? files.open(datastoreId) : undefined;
        if (store !== undefined && !isEmpty(store)) this.#register(store, datastoreId);
        store?.close();
        if (!isActive(datastoreId)) files.remove(datastoreId);
      }
    });
  }

  /** There is always one to import into. */
  #activeOrNew(): string {
    const [oldest] = this.list({ status: 'ACTIVE', after: 0, limit: 1 });
    if (oldest !== undefined) return oldest.datastoreId;
    const { now = Date.now } = this.#options;
    // Of two processes that start at once, the second finds what the first made.
    const clientToken = `local-${countRecords(this.#registry, 'DELETED')}`;
    return this.create({ clientToken, name: 'local' }, now());
  }
}

/** @throws {StoreError} when the folder or a file in it cannot be used */
export function openDatastores(options: StoreOptions): Datastores {
  return new Datastores(options);
}

/** @throws {ServiceError} ConflictException */
function markEmptyAsDeleted(store: Store, now: number): void {
  if (!isEmpty(store)) {
    throw new ServiceError('ConflictException', 'The data store has image sets. Delete them first.');
  }
  if (hasUnfinishedJob(store)) {
    throw new ServiceError('ConflictException', 'An import job of the data store has not ended.');
  }
  store.prepare('INSERT INTO deletion VALUES (?)').run(now);
  removeAllTags(store, store.datastore.arn);
}

function deletionOf(store: Store): number | undefined {
  const row = store.prepare('SELECT deleted_at FROM deletion').get();
  return row === undefined ? undefined : Number(row['deleted_at']);
}

function digestOf({ name, tags = {}, kmsKeyArn, lambdaAuthorizerArn }: NewDatastore): string {
  const sorted = Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([name, kmsKeyArn, lambdaAuthorizerArn, sorted]));
}
