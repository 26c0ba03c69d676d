import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { PageOfSearch, SearchRows } from './criteria.ts';

/** Where the thread finds the store, and which it has to be. */
export interface StoreOfThread {
  readonly path: string;
  readonly datastoreId: string;
}

/** What the thread sends back for each page that it was asked for, in their order. */
export type Answer = { readonly rows: SearchRows } | { readonly error: unknown };

const threadUrl = new URL(`searchThread${extname(import.meta.url)}`, import.meta.url);

interface Thread {
  readonly worker: Worker;
  /** Those that were sent to it, in their order. */
  readonly waiting: PromiseWithResolvers<SearchRows>[];
}

/** A thread for searches that would hold up all others. It starts with the first one, and has a connection of its own. */
export class SearchThread {
  readonly #store: StoreOfThread;
  #thread: Thread | undefined;

  constructor(store: StoreOfThread) {
    this.#store = store;
  }

  search(page: PageOfSearch): Promise<SearchRows> {
    const { worker, waiting } = (this.#thread ??= this.#start());
    const found = Promise.withResolvers<SearchRows>();
    waiting.push(found);
    // One that waits to be asked keeps no process alive.
    worker.ref();
    worker.postMessage(page);
    return found.promise;
  }

  close(): void {
    void this.#thread?.worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(threadUrl, { workerData: this.#store });
    const thread: Thread = { worker, waiting: [] };
    worker.on('message', (answer: Answer) => {
      const found = thread.waiting.shift();
      if (thread.waiting.length === 0) worker.unref();
      if ('rows' in answer) found?.resolve(answer.rows);
      else found?.reject(answer.error);
    });
    const end = (cause: unknown) => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const { reject } of thread.waiting.splice(0))
        reject(new Error('The thread of long searches has ended.', { cause }));
    };
    worker.on('error', end);
    worker.on('exit', end);
    return thread;
  }
}
