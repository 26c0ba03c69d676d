import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { openStore, type Store, type StoreOptions } from '../store.ts';
import { StoreError } from '../storeError.ts';

const form = /^([0-9a-z]{32})\.sqlite$/;
/** Of a store that is not whole yet, and what SQLite keeps beside it. */
const unfinishedForm = /^new-[0-9a-f-]{36}\.sqlite(-wal|-shm|-journal)?$/;

/** The files of the data stores but the first: `<datastoreId>.sqlite` in a folder of their own. */
export class StoreFiles {
  readonly #folder: string;
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#folder = join(options.directory, 'datastores');
  }

  /** Makes a store under another name first, so that a crash leaves no half of one. */
  make(): Store {
    const unfinished = `new-${randomUUID()}.sqlite`;
    const made = openStore({ ...this.#options, directory: this.#folder, fileName: unfinished });
    const { datastoreId } = made.datastore;
    made.close();
    renameSync(join(this.#folder, unfinished), this.#pathOf(datastoreId));
    this.#sync();
    return this.open(datastoreId);
  }

  /** @throws {StoreError} where the file is not there, or not of that data store */
  open(datastoreId: string): Store {
    if (!existsSync(this.#pathOf(datastoreId))) {
      throw new StoreError('Expected the file of a data store in the data folder, but it is not there.');
    }
    const store = openStore({ ...this.#options, directory: this.#folder, fileName: `${datastoreId}.sqlite` });
    if (store.datastore.datastoreId === datastoreId) return store;
    store.close();
    throw new StoreError('Expected the file of a data store to have the name of its data store.');
  }

  /** Where another program still has the file open, Windows does not remove it: then it goes at the next start. */
  remove(datastoreId: string): void {
    for (const end of ['', '-wal', '-shm']) this.#removeFile(`${datastoreId}.sqlite${end}`);
  }

  ids(): string[] {
    return this.#names().flatMap((name) => form.exec(name)?.[1] ?? []);
  }

  unfinished(): string[] {
    return this.#names().filter((name) => unfinishedForm.test(name));
  }

  /** Call it where no other process can be making a store. */
  removeUnfinished(): void {
    for (const name of this.unfinished()) this.#removeFile(name);
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }

  #pathOf(datastoreId: string): string {
    return join(this.#folder, `${datastoreId}.sqlite`);
  }

  #removeFile(name: string): void {
    try {
      rmSync(join(this.#folder, name), { force: true });
    } catch {
      // See `remove`.
    }
  }

  /** A new name survives a power loss only once its folder is written. Windows cannot, and need not, do it so. */
  #sync(): void {
    if (process.platform === 'win32') return;
    const folder = openSync(this.#folder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
