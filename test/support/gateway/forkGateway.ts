import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Environment } from '../../../src/config/config.ts';
import { awsCredentials } from './awsGateway.ts';
import type { Measurement } from './gatewayProcess.ts';
import type { GraphqlAnswer, GraphqlResult } from './testGateway.ts';

export interface ForkedGateway {
  /** Of its process: `http://host:port`. */
  readonly url: string;
  readonly query: (document: string, variables?: Readonly<Record<string, unknown>>) => Promise<GraphqlAnswer>;
  /** Closes the connections of `query`, so that they are not measured. */
  readonly hangUp: () => void;
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
  const agent = new Agent({ keepAlive: true });
  return {
    url,
    query: (document, variables = {}) => post(`${url}/graphql`, agent, { query: document, variables }),
    hangUp: () => agent.destroy(),
    async measure() {
      child.send('measure');
      return (await answerOf(child)) as Measurement;
    },
    async close() {
      agent.destroy();
      const exited = once(child, 'exit');
      child.send('close');
      const [code] = (await exited) as [unknown];
      return code;
    },
  };
}

async function post(url: string, agent: Agent, body: object): Promise<GraphqlAnswer> {
  const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, agent });
  sent.end(JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return { status: answer.statusCode ?? 0, headers, body: (await json(answer)) as GraphqlResult };
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
