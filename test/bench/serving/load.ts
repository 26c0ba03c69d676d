import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

import type { Workload } from './workloads.ts';

export interface Target {
  readonly name: string;
  readonly url: string;
}

export interface Load {
  readonly answers: number;
  readonly seconds: number;
  /** Sorted, in milliseconds; of a walk, all its steps together. */
  readonly times: readonly number[];
}

let number = 0;

/** Asks for so long, and so many at once; numbers go on from load to load, so that nothing is asked twice. */
export async function load(
  target: Target,
  workload: Workload,
  { seconds, atOnce }: { readonly seconds: number; readonly atOnce: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const times: number[] = [];
  const startedAt = performance.now();
  const client = async () => {
    while (performance.now() - startedAt < seconds * 1_000) {
      const askedAt = performance.now();
      await walk(target, workload, agent);
      times.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  agent.destroy();
  return {
    answers: times.length * (workload.steps ?? 1),
    seconds: (performance.now() - startedAt) / 1_000,
    times: times.toSorted((one, other) => one - other),
  };
}

async function walk(target: Target, workload: Workload, agent: Agent): Promise<void> {
  number += 1;
  const own = number;
  let after: string | undefined;
  for (let step = 0; step < (workload.steps ?? 1); step += 1) {
    const text = await ask(
      target,
      agent,
      target.name === 'bare' ? workload.bare(own, after) : workload.graphql(own, after),
    );
    if (workload.steps !== undefined) after = endOf(text);
  }
}

function endOf(text: string): string | undefined {
  return /"(?:endCursor|nextToken)":"([^"]+)"/.exec(text)?.[1];
}

/** A path of the bare handler, or a body for a GraphQL server. */
async function ask({ name, url }: Target, agent: Agent, what: string): Promise<string> {
  const isBare = name === 'bare';
  const sent = request(isBare ? `${url}${what}` : `${url}/graphql`, {
    agent,
    method: isBare ? 'GET' : 'POST',
    ...(!isBare && {
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(what) },
    }),
  });
  sent.end(isBare ? undefined : what);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(answer, 'end');
  return Buffer.concat(chunks).toString('latin1');
}

/** Looks at one answer, so that nothing is measured that is not right. */
export async function check(target: Target, workload: Workload): Promise<void> {
  const agent = new Agent();
  const text = await ask(
    target,
    agent,
    target.name === 'bare' ? workload.bare(0, undefined) : workload.graphql(0, undefined),
  );
  agent.destroy();
  const rows = text.split('"imageSetId"').length - 1;
  if (rows !== workload.rows || !text.includes('Sample^Ada'))
    throw new Error(`${target.name}, ${workload.title}: expected ${workload.rows} rows.`);
}
