import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { awsCredentials } from '../../support/gateway/awsGateway.ts';
import type { Usage } from './serverProcess.ts';

interface Started {
  readonly url: string;
  /** From the start of the process until it listens. */
  readonly startMs: number;
  readonly child: ChildProcess;
}

async function start(script: string, args: readonly string[]): Promise<Started> {
  const startedAt = performance.now();
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...awsCredentials, NODE_ENV: 'production', NODE_OPTIONS: '' },
  });
  const [url] = (await once(child, 'message')) as [string];
  return { url, child, startMs: performance.now() - startedAt };
}

async function ask<Answer>(child: ChildProcess): Promise<Answer> {
  child.send('ask');
  const [answer] = (await once(child, 'message')) as [Answer];
  return answer;
}

export interface ServerProcess {
  readonly name: string;
  readonly url: string;
  readonly startMs: number;
  /** Since it was last asked. */
  readonly usage: () => Promise<Usage>;
  readonly end: () => void;
}

export async function startServer(name: string, endpoint: string): Promise<ServerProcess> {
  const { url, child, startMs } = await start('./serverProcess.ts', [name, endpoint]);
  return { name, url, startMs, usage: () => ask<Usage>(child), end: () => child.kill() };
}

export interface Upstream {
  readonly url: string;
  /** How often it was called since it was last asked. */
  readonly calls: () => Promise<number>;
  readonly end: () => void;
}

export async function startUpstream(latencyMs: number): Promise<Upstream> {
  const { url, child } = await start('./upstream.ts', [String(latencyMs)]);
  return { url, calls: () => ask<number>(child), end: () => child.kill() };
}
