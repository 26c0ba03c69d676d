import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { postQuery, startProcess, type RunningCli } from '../support/process/cli.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copied = ['src', 'schema', 'scripts', 'package.json', 'codegen.ts', 'tsconfig.json'];
const latestGraphUrl = /^[^]*The graph: (\S+)/;

let project: string;
let dev: RunningCli;

/** A copy of the project, so that the tests may edit its files. */
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'gateway-dev-'));
  await Promise.all(copied.map((name) => cp(join(root, name), join(project, name), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
  dev = startProcess(['npm', 'run', 'dev', '--', '--port', '0'], {
    environment: { HEALTHIMAGING_DATA_DIR: join(project, 'data') },
    cwd: project,
    detached: true,
  });
});

afterEach(async () => {
  dev.end();
  await rm(project, { recursive: true });
});

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(project, file);
  const text = await readFile(path, 'utf8');
  if (!text.includes(from)) throw new Error(`expected ${from} in ${file}`);
  await writeFile(path, text.replace(from, to));
}

/** Asks again until the response contains the text: the server may be about to restart. */
async function answers(query: string, expected: string): Promise<void> {
  for (;;) {
    const url = await dev.printed(latestGraphUrl);
    const response = await postQuery(url, query).catch(() => null);
    if (JSON.stringify(response).includes(expected)) return;
    await sleep(100);
  }
}

/** What the children print to stdout and stderr from now on. */
function outputFromNow(): () => string {
  let output = '';
  for (const stream of [dev.child.stdout, dev.child.stderr]) {
    stream.on('data', (text: string) => (output += text));
  }
  return () => output;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(100);
}

/** No process of the group that npm leads is left. */
function expectNoProcessLeft(): void {
  const { pid = 0 } = dev.child;
  expect(() => process.kill(-pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
}

test('picks up a change of a schema file, in the generated types too, and of a resolver; SIGTERM ends it', async () => {
  const description = '{ __type(name: "DatastoreStatus") { description } }';
  await answers(description, 'Whether a data store can be used.');
  await edit('schema/datastore.graphql', 'Whether a data store can be used.', 'As edited in the schema.');
  await answers(description, 'As edited in the schema.');
  while (!(await readFile(join(project, 'src/graphql/generated.ts'), 'utf8')).includes('As edited')) {
    await sleep(100);
  }

  await edit('src/graphql/resolvers/datastore.ts', "property('name')", "() => 'As edited in the resolver'");
  await answers('{ datastores { nodes { name } } }', 'As edited in the resolver');

  dev.child.kill('SIGTERM');
  expect(await dev.finished).toMatchObject({ code: 0, signal: null });
  expectNoProcessLeft();
});

test('Ctrl-C, which is SIGINT to all of its processes, ends it and leaves none', async () => {
  await dev.printed(latestGraphUrl);
  process.kill(-(dev.child.pid ?? 0), 'SIGINT');
  expect((await dev.finished).signal).toBeNull();
  expectNoProcessLeft();
});

test('tells the file and line of a resolver and of a schema file that are broken, and serves again once they are mended', async () => {
  await dev.printed(latestGraphUrl);
  const ofResolver = outputFromNow();
  await edit('src/graphql/resolvers/datastore.ts', "property('name')", "property('name'");
  await until(() => /resolvers\/datastore\.ts:\d+\n[^]*SyntaxError.*: Expected/.test(ofResolver()));
  expect(ofResolver()).not.toContain('ended by a fault of its own');
  await edit('src/graphql/resolvers/datastore.ts', "property('name'", "property('name')");

  const ofSchema = outputFromNow();
  await edit('schema/datastore.graphql', 'type Datastore ', 'typ Datastore ');
  const sentence =
    /The schema cannot be used:\n {2}schema\/datastore\.graphql:\d+:1: Syntax Error: Unexpected/;
  // Codegen has words of its own.
  await until(
    () => sentence.test(ofSchema()) && ofSchema().replace(sentence, '').includes('Syntax Error: Unexpected'),
  );
  await edit('schema/datastore.graphql', 'typ Datastore ', 'type Datastore ');
  await edit('schema/datastore.graphql', 'Whether a data store can be used.', 'As mended.');
  await answers('{ __type(name: "DatastoreStatus") { description } }', 'As mended.');
});

test.each([
  ['--help', /^Usage: healthimaging-graphql serve /],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s ends it', async (flag, printed) => {
  const { code, stdout } = await startProcess(['npm', 'run', '--silent', 'dev', '--', flag], {
    environment: {},
    cwd: project,
  }).finished;
  expect([code, stdout]).toEqual([0, expect.stringMatching(printed)]);
});
