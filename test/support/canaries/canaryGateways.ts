import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { awsCredentials } from '../gateway/awsGateway.ts';
import type { Order } from './canaryProcess.ts';

export interface CanaryGateways {
  /** @returns what the process answers to it, once it is done */
  readonly order: (order: Order) => Promise<unknown>;
  /** All that it has printed. */
  readonly printed: () => string;
  /** @returns its exit code, when all that it printed is here */
  readonly end: () => Promise<unknown>;
}

const script = fileURLToPath(new URL('./canaryProcess.ts', import.meta.url));

export async function forkCanaryGateways(): Promise<CanaryGateways> {
  const child = fork(script, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], ...awsCredentials, NODE_OPTIONS: '' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on('message', ({ id, answer }: { readonly id: number; readonly answer?: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let latest = 0;
  const answerTo = (id: number) => new Promise<unknown>((resolve) => void waiting.set(id, resolve));
  await answerTo(0);
  const order = (wish: Order): Promise<unknown> => {
    const id = (latest += 1);
    const answer = answerTo(id);
    child.send({ id, order: wish });
    return answer;
  };
  return {
    order,
    printed: () => printed,
    async end() {
      const closed = once(child, 'close');
      void order({ kind: 'end' });
      const [code] = (await closed) as [unknown];
      return code;
    },
  };
}
