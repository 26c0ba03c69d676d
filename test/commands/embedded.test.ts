import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { importFolders } from '../../src/commands/embedded.ts';
import { openStore } from '../../src/local/store/store.ts';
import { captureLog } from '../support/capturedLog.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test.each([
  ['a terminal has the counts once, as a line to read', true, []],
  ['elsewhere the log has them too', false, [expect.objectContaining({ msg: 'import done', leftOut: 0 })]],
])('%s', async (_title, terminal, logged) => {
  const printed: string[] = [];
  const { log, lines } = captureLog();
  using store = openStore({ directory: ':memory:' });
  await importFolders(store, [folder], { terminal, print: (text) => printed.push(text), log });
  expect(printed).toEqual([
    '0 files read; image sets: 0 made, 0 updated, 0 unchanged; 0 files left out',
    'No DICOM instance was found.',
  ]);
  expect(lines()).toEqual(logged);
});
