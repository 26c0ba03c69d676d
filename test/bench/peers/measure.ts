import type { Clients, RunningServer, Upstream } from './processes.ts';
import { requestOf, upstreamLatencyOfWalks, type Load } from './loads.ts';

export interface Settings {
  readonly loads: readonly (readonly [name: string, load: Load])[];
  readonly concurrency: readonly number[];
  readonly starts: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Of one server in one round. */
export interface Sample {
  readonly load: string;
  readonly concurrency: number;
  readonly server: string;
  /** Rounds of all starts are numbered through: samples of one number are compared with each other. */
  readonly round: number;
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly residentBytes: number;
  readonly eventLoopP99Ms: number;
  readonly bytes: number;
  /** Searches that reached HealthImaging, for each request or, in walks, for each walk. */
  readonly calls: number;
}

export interface Bench {
  readonly clients: Clients;
  readonly upstream: Upstream;
}

interface Turn {
  readonly server: RunningServer;
  readonly load: Load;
  readonly concurrency: number;
  readonly seconds: number;
}

async function run({ clients, upstream }: Bench, { server, load, concurrency, seconds }: Turn) {
  const { kind, headers } = server.contender;
  await server.usage();
  await upstream.calls();
  const worked = await clients.run({
    ...requestOf(load, kind, headers),
    ...{ url: server.url, concurrency, seconds, leastBytes: leastBytes(load) },
  });
  const usage = await server.usage();
  if (worked.failed > 0) throw new Error(`${server.contender.name}: ${worked.failed} requests failed.`);
  return { worked, usage, calls: await upstream.calls() };
}

/** Errors are shorter. */
function leastBytes({ first, compressed, walk }: Load): number {
  if (walk === true) return 100;
  return first * (compressed === true ? 10 : 100);
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** Measures servers that have been started, in turns: within a round each has its turn at each load and concurrency. */
export async function measure(
  bench: Bench,
  servers: readonly RunningServer[],
  { start, settings, tell }: { start: number; settings: Settings; tell: (progress: string) => void },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const [name, load] of settings.loads) {
    const able = servers.filter(({ contender }) => contender.compresses || load.compressed !== true);
    bench.upstream.setLatency(load.walk === true ? upstreamLatencyOfWalks : 0);
    for (const server of able) {
      await run(bench, { server, load, concurrency: 16, seconds: settings.warmUpSeconds });
    }
    for (let round = 0; round < settings.rounds; round += 1) {
      tell(`start ${start + 1} of ${settings.starts}: ${name}, round ${round + 1} of ${settings.rounds}`);
      for (const concurrency of settings.concurrency) {
        for (const server of shuffled(able)) {
          const { worked, usage, calls } = await run(bench, {
            ...{ server, load, concurrency, seconds: settings.seconds },
          });
          samples.push({
            ...{ load: name, concurrency, server: server.contender.name },
            round: start * settings.rounds + round,
            cpuMicroseconds: usage.cpuMicroseconds / worked.requests,
            requestsPerSecond: worked.requests / worked.seconds,
            ...{ p50: worked.p50, p99: worked.p99 },
            residentBytes: usage.residentBytes,
            eventLoopP99Ms: usage.eventLoopP99Ms,
            bytes: worked.bytes / worked.requests,
            calls: calls / (worked.walks === 0 ? worked.requests : worked.walks),
          });
        }
      }
    }
  }
  bench.upstream.setLatency(0);
  return samples;
}
