import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { openStore } from '../../../src/local/store/store.ts';
import { StoreError } from '../../../src/local/store/storeError.ts';
import { manyImageSets, putImageSets } from '../../support/gateway/withLocal.ts';

describe('a store on disk', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  test('cannot be read by other users, nor can its write-ahead log', async () => {
    const directory = join(folder, 'made', 'here');
    using store = openStore({ directory });
    putImageSets(store, manyImageSets(3));
    const modes = await Promise.all(
      (await readdir(directory)).sort().map(async (name) => [name, await modeOf(join(directory, name))]),
    );
    expect([await modeOf(directory), modes]).toEqual([
      0o700,
      [
        ['healthimaging.sqlite', 0o600],
        ['healthimaging.sqlite-shm', 0o600],
        ['healthimaging.sqlite-wal', 0o600],
      ],
    ]);
  });

  test('makes an empty folder private, but leaves the mode of one with other files', async () => {
    await chmod(folder, 0o755);
    openStore({ directory: folder }).close();
    expect(await modeOf(folder)).toBe(0o700);
    const other = join(folder, 'other');
    openStore({ directory: other }).close();
    await writeFile(join(other, 'notes.txt'), '');
    await chmod(other, 0o755);
    openStore({ directory: other }).close();
    expect(await modeOf(other)).toBe(0o755);
  });

  test('keeps its ID, region and times', () => {
    const first = openStore({ directory: folder, region: 'eu-west-2', now: () => 1_000 });
    const { datastore } = first;
    first.close();
    using second = openStore({ directory: folder, region: 'us-west-2', now: () => 2_000 });
    expect(second.datastore).toEqual(datastore);
    expect(datastore).toMatchObject({
      datastoreId: expect.stringMatching(/^[0-9a-z]{32}$/) as unknown,
      arn: `arn:aws:medical-imaging:eu-west-2:000000000000:datastore/${datastore.datastoreId}`,
      createdAt: 1_000,
      updatedAt: 1_000,
    });
  });

  test('is durable: what was committed survives a power loss', () => {
    using store = openStore({ directory: folder });
    const pragmas = [
      'journal_mode',
      'synchronous',
      'foreign_keys',
      'busy_timeout',
      'trusted_schema',
      'cell_size_check',
    ];
    expect(pragmas.map((name) => Object.values(store.prepare(`PRAGMA ${name}`).get() ?? {}))).toEqual([
      ['wal'],
      [2],
      [1],
      [5_000],
      [0],
      [1],
    ]);
  });

  test('of a newer release is refused, with the reason', () => {
    openStore({ directory: folder }).close();
    const database = new DatabaseSync(join(folder, 'healthimaging.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openStore({ directory: folder })).toThrow(
      expect.objectContaining({
        constructor: StoreError,
        message: expect.stringMatching(
          /^Expected a store of version \d at most, but it has version 99: a newer release made it. Upgrade, or choose another folder.$/,
        ) as unknown,
      }),
    );
  });

  test('refuses the database of another program, and files that are not databases', async () => {
    const file = join(folder, 'healthimaging.sqlite');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE other (x)');
    database.close();
    expect(() => openStore({ directory: folder })).toThrow(/database of another program/);
    await writeFile(file, 'This is no database at all. '.repeat(100));
    expect(() => openStore({ directory: folder })).toThrow(/the store file is not one/);
  });

  test('refuses a folder that cannot be made', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(() => openStore({ directory: join(file, 'below') })).toThrow(StoreError);
    expect(() => openStore({ directory: '/proc/healthimaging/store' })).toThrow(StoreError);
  });

  test('shows immediately what another connection wrote', () => {
    using one = openStore({ directory: folder });
    using other = openStore({ directory: folder });
    putImageSets(one, manyImageSets(2));
    expect(other.prepare('SELECT count(*) AS rows FROM image_set').get()).toEqual({ rows: 2 });
  });
});
