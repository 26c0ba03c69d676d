import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { openDatastores } from '../../../../src/local/store/datastores/datastores.ts';
import { openStore } from '../../../../src/local/store/store.ts';
import { manyImageSets, putImageSets } from '../../../support/gateway/withLocal.ts';

const everything = { status: undefined, after: 0, limit: 1_000 } as const;

describe('the data stores of a folder', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'datastores-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const files = () => readdir(join(directory, 'datastores')).catch(() => []);

  test('survive a restart, each in a file that no other user can read', async () => {
    const before = openDatastores({ directory, region: 'eu-west-1' });
    const datastoreId = before.create({ clientToken: 'a', name: 'second' }, 5_000);
    const second = before.find(datastoreId);
    if (second !== undefined) putImageSets(second, manyImageSets(2));
    const records = before.list(everything);
    before.close();
    expect(await files()).toEqual([`${datastoreId}.sqlite`]);
    expect((await stat(join(directory, 'datastores', `${datastoreId}.sqlite`))).mode & 0o777).toBe(0o600);
    using after = openDatastores({ directory });
    expect(after.list(everything)).toEqual(records);
    expect(records).toMatchObject([
      { name: 'local', status: 'ACTIVE' },
      {
        datastoreId,
        name: 'second',
        arn: `arn:aws:medical-imaging:eu-west-1:000000000000:datastore/${datastoreId}`,
        createdAt: 5_000,
      },
    ]);
    const count = after.find(datastoreId)?.prepare('SELECT count(*) AS rows FROM image_set').get();
    expect(count).toEqual({ rows: 2 });
    expect(after.create({ clientToken: 'a', name: 'second' }, 9_000)).toBe(datastoreId);
  });

  test('begin with the store of an earlier release', () => {
    const store = openStore({ directory, now: () => 7_000 });
    const { datastoreId } = store.datastore;
    putImageSets(store, manyImageSets(4));
    store.close();
    using datastores = openDatastores({ directory });
    expect(datastores.list(everything)).toMatchObject([{ datastoreId, name: 'local', createdAt: 7_000 }]);
    expect(datastores.first.datastore.datastoreId).toBe(datastoreId);
  });

  test('remove the file of one that is deleted, but not the first file, which has the registry', async () => {
    const datastores = openDatastores({ directory });
    const { datastoreId: first } = datastores.first.datastore;
    const second = datastores.create({ clientToken: 'a' }, 1);
    datastores.delete(second, 2);
    expect(await files()).toEqual([]);
    datastores.delete(first, 3);
    expect(datastores.find(first)).toBeUndefined();
    datastores.close();
    using again = openDatastores({ directory });
    const records = again.list(everything);
    expect(records.map(({ status }) => status)).toEqual(['DELETED', 'DELETED', 'ACTIVE']);
    expect(again.first.datastore.datastoreId).toBe(records[2]?.datastoreId);
    expect(records[2]?.name).toBe('local');
  });

  test('a store that another process still has open takes nothing once its data store is deleted', () => {
    using datastores = openDatastores({ directory });
    const datastoreId = datastores.create({ clientToken: 'a' }, 1);
    using other = openDatastores({ directory });
    const store = other.find(datastoreId);
    if (store === undefined) throw new Error('expected a store');
    datastores.delete(datastoreId, 2);
    expect(() => putImageSets(store, manyImageSets(1))).toThrow('the data store was deleted');
    expect(other.find(datastoreId)).toBeUndefined();
  });

  test('a deletion that was interrupted is brought to its end', async () => {
    const datastores = openDatastores({ directory });
    const datastoreId = datastores.create({ clientToken: 'a' }, 1);
    datastores.find(datastoreId)?.prepare('INSERT INTO deletion VALUES (7)').run();
    datastores.close();
    using again = openDatastores({ directory });
    expect(again.find(datastoreId)).toBeUndefined();
    expect(again.record(datastoreId)).toMatchObject({ status: 'DELETED', updatedAt: 7 });
    expect(await files()).toEqual([]);
  });

  test('a creation that fails leaves no file', async () => {
    using datastores = openDatastores({ directory });
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, tag) => [`k${tag}`, '']));
    expect(() => datastores.create({ clientToken: 'a', tags }, 1)).toThrow('50 tags at most');
    expect([await files(), datastores.list(everything).length]).toEqual([[], 1]);
    await chmod(join(directory, 'datastores'), 0o500);
    if (process.getuid?.() !== 0) expect(() => datastores.create({ clientToken: 'a' }, 1)).toThrow();
    await chmod(join(directory, 'datastores'), 0o700);
    expect(datastores.list(everything)).toHaveLength(1);
  });

  test('what a crash left of a creation goes at the next start; a file with image sets is kept and registered', async () => {
    const datastores = openDatastores({ directory });
    const [empty, filled] = [
      datastores.create({ clientToken: 'a' }, 1),
      datastores.create({ clientToken: 'b' }, 1),
    ];
    const store = datastores.find(filled);
    if (store !== undefined) putImageSets(store, manyImageSets(1));
    datastores.close();
    // As if neither had been registered: the first file of a folder that has only that.
    const fresh = await mkdtemp(join(tmpdir(), 'datastores-'));
    openDatastores({ directory: fresh }).close();
    await copyFile(join(fresh, 'healthimaging.sqlite'), join(directory, 'healthimaging.sqlite'));
    await rm(fresh, { recursive: true });
    await writeFile(join(directory, 'datastores', `new-${crypto.randomUUID()}.sqlite-wal`), 'half');
    await writeFile(join(directory, 'datastores', 'notes.txt'), 'mine');
    using again = openDatastores({ directory });
    expect((await files()).sort()).toEqual([`${filled}.sqlite`, 'notes.txt'].sort());
    expect(again.record(empty)).toBeUndefined();
    expect(again.record(filled)).toMatchObject({ status: 'ACTIVE', name: filled });
  });

  test('kill -9 at any time leaves neither a file without a record nor a record without a file', async () => {
    const script = fileURLToPath(new URL('../../../support/process/datastoresProcess.ts', import.meta.url));
    let made = 0;
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, directory]);
      await once(child.stdout, 'data');
      await sleep(round * 3);
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
      using datastores = openDatastores({ directory });
      const records = datastores.list(everything);
      const active = records
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ datastoreId }) => datastoreId);
      for (const datastoreId of active) expect(datastores.find(datastoreId)).toBeDefined();
      const [, ...others] = active;
      const stores = (await files()).filter((name) => name.endsWith('.sqlite'));
      expect(stores.sort()).toEqual(others.map((datastoreId) => `${datastoreId}.sqlite`).sort());
      made = records.length;
    }
    expect(made).toBeGreaterThan(12);
  });
});
