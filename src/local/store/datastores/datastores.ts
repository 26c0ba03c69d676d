import { openStore, type Store, type StoreOptions } from '../store.ts';

/** The data stores of a data folder, each a store of its own. */
export class Datastores {
  /** What commands import into and serve where no data store is named. */
  readonly first: Store;

  constructor(first: Store) {
    this.first = first;
  }

  /** @returns undefined for a data store that is not there */
  find(datastoreId: string): Store | undefined {
    return this.first.datastore.datastoreId === datastoreId ? this.first : undefined;
  }

  close(): void {
    this.first.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @throws {StoreError} when the folder or a file in it cannot be used */
export function openDatastores(options: StoreOptions): Datastores {
  return new Datastores(openStore(options));
}
