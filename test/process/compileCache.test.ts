import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startCli, type Finished } from '../support/process/cli.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-'));
});
afterAll(() => rm(home, { recursive: true }));

/** The SDL, by a process whose home is there. */
function printSchema(folder: string): Promise<Finished> {
  return startCli(['schema'], { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') }).finished;
}

test('what was compiled is kept in the cache folder of the user, and nowhere else', async () => {
  const [first, second] = [await printSchema(home), await printSchema(home)];
  expect([first.code, second.code, first.stderr, second.stderr]).toEqual([0, 0, '', '']);
  expect(second.stdout).toBe(first.stdout);
  const files = await readdir(home, { recursive: true });
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !/healthimaging-graphql|^cache$|^Library(\/Caches)?$/.test(file))).toEqual(
    [],
  );
});

test('where none can be kept, nothing is', async () => {
  const file = join(home, 'no folder');
  await writeFile(file, '');
  const { code, stdout, stderr } = await printSchema(file);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('type ImageSet');
});
