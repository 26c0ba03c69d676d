import { readdirSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { queryObjects } from 'node:v8';

import { loadConfig } from '../../../src/config/config.ts';
import { createGateway } from '../../../src/gateway.ts';
import { createLog } from '../../../src/log/log.ts';
import { datastoreId } from '../upstream/fakeHealthImaging.ts';

// A gateway in a process of its own, over the HealthImaging whose URL is its argument; it tells how it is when asked.

/** What a process holds on to, after a collection of its garbage. */
export interface Measurement {
  readonly heapBytes: number;
  readonly bufferBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
  /** What keeps the event loop alive, counted by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Listeners of the process itself. */
  readonly processListeners: number;
  /** Objects that are still reachable, by class. */
  readonly objects: Readonly<Record<string, number>>;
  readonly unhandledRejections: number;
  /** Such as MaxListenersExceededWarning. */
  readonly warnings: readonly string[];
}

let unhandledRejections = 0;
const warnings: string[] = [];
process.on('unhandledRejection', () => (unhandledRejections += 1));
process.on('warning', ({ name }) => {
  if (name !== 'ExperimentalWarning') warnings.push(name);
});

const descriptorFolder = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function countObjects(constructor: new (...args: never[]) => object): number {
  const found = queryObjects(constructor);
  return typeof found === 'number' ? found : found.length;
}

async function measure(): Promise<Measurement> {
  // Finalizers of one collection free what the next takes, and code that has not run for some of them goes too.
  for (let round = 0; round < 12; round += 1) {
    globalThis.gc?.();
    await delay(20);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    heapBytes: heapUsed,
    bufferBytes: arrayBuffers,
    residentBytes: rss,
    descriptors: readdirSync(descriptorFolder).length,
    resources: tally(process.getActiveResourcesInfo()),
    processListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    objects: {
      Socket: countObjects(Socket),
      ServerResponse: countObjects(ServerResponse),
      AbortSignal: countObjects(AbortSignal),
    },
    unhandledRejections,
    warnings,
  };
}

const [, , endpoint = ''] = process.argv;
const gateway = await createGateway({
  config: loadConfig({ ...process.env, PORT: '0' }),
  upstream: { datastoreIds: [datastoreId], region: 'us-east-1', endpoint, embedded: false },
  log: createLog({ level: 'silent', readable: false }),
});

process.on('message', (question) => {
  if (question === 'measure') void measure().then((measurement) => process.send?.(measurement));
  if (question === 'close') void gateway.close().then(() => process.disconnect());
});
process.send?.(gateway.url);
