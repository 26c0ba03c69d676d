import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { check, load, type Load } from './load.ts';
import { startServer, startUpstream, type ServerProcess } from './processes.ts';
import { workloads, type Workload } from './workloads.ts';

/**
 * What an answer costs, beside a hand-written handler over the bare SDK in the same run: `node test/bench/serving/serving.ts
 * [--quick] [--rounds N] [--seconds N] [--at-once N] [--only TEXT] [--servers NAMES]`. Rounds are interleaved; figures are medians.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    'at-once': { type: 'string', default: '1,16,64' },
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: 'bare,gateway' },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
const seconds = Number(options.seconds ?? (options.quick ? 1 : 3));
const concurrencies = options['at-once'].split(',').map(Number);
const names = options.servers.split(',');

interface Round extends Load {
  /** Microseconds an answer. */
  readonly cpu: number;
  readonly longestDelayMs: number;
  readonly residentBytes: number;
  readonly calls: number;
}

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

async function measure(workload: Workload, atOnce: number): Promise<void> {
  const upstream = await startUpstream(workload.latencyMs);
  const servers: ServerProcess[] = [];
  for (const name of names) servers.push(await startServer(name, upstream.url));
  const results = new Map<string, Round[]>(names.map((name) => [name, []]));
  for (const server of servers) {
    await check(server, workload);
    await load(server, workload, { seconds: options.quick ? 2 : 5, atOnce });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const server of servers) {
      await server.usage();
      await upstream.calls();
      const done = await load(server, workload, { seconds, atOnce });
      const { cpu, longestDelayMs, residentBytes } = await server.usage();
      const calls = await upstream.calls();
      results
        .get(server.name)
        ?.push({ ...done, cpu: cpu / done.answers, longestDelayMs, residentBytes, calls });
    }
  }
  for (const server of servers) server.end();
  upstream.end();
  print(workload, atOnce, results);
}

function print(workload: Workload, atOnce: number, results: ReadonlyMap<string, readonly Round[]>): void {
  const bare = results.get('bare') ?? [];
  for (const [name, rounds] of results) {
    const ratios = rounds.map(({ cpu }, index) => (bare[index]?.cpu ?? Number.NaN) / cpu);
    const of = (read: (round: Round) => number, digits = 0) => median(rounds.map(read)).toFixed(digits);
    const cells = [
      workload.title,
      atOnce,
      name,
      of(({ cpu }) => cpu),
      `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`,
      of(({ answers, seconds }) => answers / seconds),
      of(({ times }) => times[times.length >> 1] ?? Number.NaN, 2),
      of(({ times }) => times[Math.floor(times.length * 0.99)] ?? Number.NaN, 2),
      of(({ calls, answers }) => (calls / answers) * (workload.steps ?? 1), 2),
      of(({ residentBytes }) => residentBytes / 2 ** 20),
      of(({ longestDelayMs }) => longestDelayMs),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

const columns = [
  ...[
    'load',
    'at once',
    'server',
    'CPU us an answer',
    'times bare (spread)',
    'answers a second',
    'p50 ms',
    'p99 ms',
  ],
  ...['upstream calls', 'RSS MB', 'event loop late, ms'],
];
process.stdout.write(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}\n\n`);
process.stdout.write(`| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}\n`);
for (const workload of workloads.filter(({ title }) => title.includes(options.only))) {
  for (const atOnce of concurrencies) await measure(workload, atOnce);
}
