import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Work, Worked } from './clientProcess.ts';
import type { Contender } from './contenders.ts';
import type { UpstreamMessage } from './upstreamProcess.ts';

/** What `servers/probe.js` tells of a server since it was last asked. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
  readonly eventLoopP99Ms: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly contender: Contender;
  readonly url: string;
  /** On the clock of `performance.now`. */
  readonly startedAt: number;
  readonly usage: () => Promise<Usage>;
}

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const quiet = ['--disable-warning=ExperimentalWarning'];

async function ask<Answer>(child: ChildProcess, question: object | string): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

export async function startServer(contender: Contender): Promise<RunningServer> {
  const startedAt = performance.now();
  const child = fork(contender.script, [...contender.words], {
    execArgv: [...quiet, '--import', pathOf('./servers/probe.js')],
    env: { PATH: process.env['PATH'] ?? '', ...contender.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /(?:server|graph): (http:\/\/[^/\s]+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('exit', () => {
      reject(new Error(`${contender.name} has ended:\n${output}`));
    });
  });
  return {
    ...{ contender, url, startedAt },
    usage: () => ask<Usage>(child, 'usage'),
    [Symbol.asyncDispose]: () => end(child),
  };
}

export interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly setLatency: (milliseconds: number) => void;
  /** Searches since it was last asked. */
  readonly calls: () => Promise<number>;
}

export async function startUpstream(): Promise<Upstream> {
  const child = fork(pathOf('./upstreamProcess.ts'), { execArgv: quiet });
  const [url] = (await once(child, 'message')) as [string];
  const tell = (message: UpstreamMessage) => void child.send(message);
  return {
    url,
    setLatency: (latencyMs) => {
      tell({ latencyMs });
    },
    calls: () => ask<number>(child, 'calls' satisfies UpstreamMessage),
    [Symbol.asyncDispose]: () => end(child),
  };
}

export interface Clients extends AsyncDisposable {
  readonly run: (work: Work) => Promise<Worked>;
}

export async function startClients(): Promise<Clients> {
  const child = fork(pathOf('./clientProcess.ts'), { execArgv: quiet });
  await once(child, 'message');
  return { run: (work) => ask<Worked>(child, work), [Symbol.asyncDispose]: () => end(child) };
}
