import { parentPort, workerData } from 'node:worker_threads';

import type { PageOfSearch } from './criteria.ts';
import type { Answer, StoreOfThread } from './searchApart.ts';
import { searchAtLength } from './searchRows.ts';
import { openStoreToRead } from './store.ts';

// The thread of searchApart.ts: answers one search after the other.

const { path, datastoreId } = workerData as StoreOfThread;
const store = openStoreToRead(path);
// Another may have been put in the place of the one that is served.
if (store.datastore.datastoreId !== datastoreId) throw new Error('Expected the store that is served.');

parentPort?.on('message', (page: PageOfSearch) => {
  parentPort?.postMessage(answerOf(page));
});

function answerOf(page: PageOfSearch): Answer {
  try {
    return { rows: searchAtLength(store, page) };
  } catch (error) {
    return { error };
  }
}
