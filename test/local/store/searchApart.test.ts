import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import type { Search } from '../../../src/local/store/criteria.ts';
import { searchRows } from '../../../src/local/store/searchRows.ts';
import { openStore, type Store } from '../../../src/local/store/store.ts';
import { putImageSets } from '../../support/gateway/withLocal.ts';

/** More than a walk may pass over, and the oldest in the default order last. */
const count = 15_000;
const oldest: Search = {
  conditions: [{ column: 'created_at', low: 0, high: 3_000 }],
  sort: { sortField: 'updatedAt', sortOrder: 'DESC' },
};
const page = { search: oldest, after: undefined, limit: 10 };

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'searchApart-'));
  store = openStore({ directory: join(folder, 'store') });
  putImageSets(
    store,
    Array.from({ length: count }, (_, index) => ({ createdAt: index, updatedAt: index, tags: {} })),
  );
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

const ends = { key: 2_991, seq: 2_992 };

test('what takes long is found by another thread, which sees what was written last', async () => {
  await searchRows(store, page);
  expect((await searchRows(store, page)).end).toEqual(ends);
  const own = { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.1' };
  putImageSets(store, [{ ...own, createdAt: 2_995, updatedAt: 2_995, tags: {} }]);
  expect((await searchRows(store, page)).end).toEqual({ key: 2_992, seq: 2_993 });
});

test('many at once are each answered with their own', async () => {
  const found = await Promise.all([5, 10, 20, 40].map((limit) => searchRows(store, { ...page, limit })));
  expect(found.map(({ summaries }) => summaries.length)).toEqual([5, 10, 20, 40]);
});

test('it does not answer from another store that was put in the place of the one that is served', async () => {
  await rename(join(folder, 'store'), join(folder, 'moved'));
  openStore({ directory: join(folder, 'store') }).close();
  await expect(searchRows(store, page)).rejects.toThrow('The thread of long searches has ended.');
  await rm(join(folder, 'store'), { recursive: true });
  await rename(join(folder, 'moved'), join(folder, 'store'));
  expect((await searchRows(store, page)).end).toEqual(ends);
});

test('a search that waits when the store is closed fails', async () => {
  const waiting = searchRows(store, page);
  store.close();
  await expect(waiting).rejects.toThrow('The thread of long searches has ended.');
});
