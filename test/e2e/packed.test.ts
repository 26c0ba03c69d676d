import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { graphUrl, postQuery, startProcess } from '../support/process/cli.ts';

/** npm downloads three Node.js and all dependencies. */
jest.setTimeout(300_000);

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

let directory: string;
/** The command of the installed package. */
let bin: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'packed-'));
  await run('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: root });
  const [tarball = ''] = await readdir(directory);
  const installed = join(directory, 'installed');
  await mkdir(installed);
  await run('npm', ['install', '--silent', '--no-fund', '--no-audit', join(directory, tarball)], {
    cwd: installed,
  });
  bin = join(installed, 'node_modules/.bin/healthimaging-graphql');
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Installs the newest Node.js of a major version in a folder of its own: the package that the package `node` installs. */
async function installNode(major: number): Promise<string> {
  const folder = join(directory, `node${major}`);
  await mkdir(folder);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}`;
  await run('npm', ['install', '--silent', '--no-fund', '--no-audit', `${name}@${major}`], { cwd: folder });
  const installed = join(folder, 'node_modules', name);
  const { bin: executable } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    readonly bin: { readonly node: string };
  };
  return join(installed, executable.node);
}

describe('the packed package, installed into an empty folder', () => {
  test('on Node.js 20 says in one sentence which version it needs', async () => {
    const node = await installNode(20);
    const { stdout: version } = await run(node, ['--version']);
    expect(await startProcess([node, bin, 'serve'], { environment: {} }).finished).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `healthimaging-graphql needs Node.js 22.18 or later, but this is ${version.trim().slice(1)}.\n`,
    });
  });

  test.each([22, 24])('on Node.js %i serves the sample image sets', async (major) => {
    const node = await installNode(major);
    const gateway = startProcess([node, bin, 'serve'], {
      environment: { PORT: '0', HEALTHIMAGING_DATA_DIR: join(directory, `data${major}`) },
      cwd: directory,
    });
    const url = await gateway.printed(graphUrl);
    expect(await postQuery(url, '{ imageSets(first: 2) { nodes { imageSetId } } }')).toEqual({
      data: {
        imageSets: { nodes: [{ imageSetId: expect.any(String) }, { imageSetId: expect.any(String) }] },
      },
    });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html>')]);
    gateway.child.kill('SIGTERM');
    expect(await gateway.finished).toMatchObject({ code: 0, signal: null });
  });
});
