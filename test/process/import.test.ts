import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { isEmpty } from '../../src/local/store/imageSets.ts';
import { openDatastores } from '../../src/local/store/datastores/datastores.ts';
import { dicomFile } from '../support/gateway/buckets.ts';
import { startCli } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(60_000);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'import-process-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

test('import --datastore fills that data store alone, and names a fault where there is none', async () => {
  const files = join(directory, 'files');
  await mkdir(files);
  await writeFile(join(files, '1.dcm'), dicomFile(1, 1));
  const data = join(directory, 'data');
  using datastores = openDatastores({ directory: data });
  const datastoreId = datastores.create({ clientToken: 'second' }, 1);
  const environment = { HEALTHIMAGING_DATA_DIR: data };
  const done = await startCli(['import', '--datastore', datastoreId, files], environment).finished;
  expect(done).toMatchObject({ code: 0, stderr: '' });
  const second = datastores.find(datastoreId);
  expect([isEmpty(datastores.first), second && isEmpty(second)]).toEqual([true, false]);
  const absent = await startCli(['import', '--datastore', '0'.repeat(32), files], environment).finished;
  expect(absent.code).toBe(2);
  expect(absent.stderr).toContain('--datastore: expected a data store of the data folder');
});
