import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Environment } from '../../src/config.ts';
import { awsCredentials, postGraphql } from './awsGateway.ts';
import type { Measurement } from './gatewayProcess.ts';
import type { GraphqlAnswer } from './testGateway.ts';

export interface ForkedGateway {
  /** Of its process: `http://host:port`. */
  readonly url: string;
  readonly query: (document: string, variables?: Readonly<Record<string, unknown>>) => Promise<GraphqlAnswer>;
  readonly measure: () => Promise<Measurement>;
  /** @returns its exit code */
  readonly close: () => Promise<unknown>;
}

const script = fileURLToPath(new URL('./gatewayProcess.ts', import.meta.url));

/** A gateway in a process of its own, so that what is measured of it is its own. */
export async function forkGateway(endpoint: string, environment: Environment = {}): Promise<ForkedGateway> {
  const child = fork(script, [endpoint], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...awsCredentials, NODE_ENV: 'production', NODE_OPTIONS: '', ...environment },
  });
  const url = (await answerOf(child)) as string;
  return {
    url,
    query: (document, variables = {}) => postGraphql(`${url}/graphql`, document, variables),
    async measure() {
      child.send('measure');
      return (await answerOf(child)) as Measurement;
    },
    async close() {
      const exited = once(child, 'exit');
      child.send('close');
      const [code] = (await exited) as [unknown];
      return code;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const onExit = () => {
    ended.abort(new Error('The gateway has ended.'));
  };
  child.once('exit', onExit);
  try {
    const [answer] = (await once(child, 'message', { signal: ended.signal })) as [unknown];
    return answer;
  } finally {
    child.off('exit', onExit);
  }
}
