import { availableParallelism, cpus, totalmem } from 'node:os';

import { meanings, type Name } from './contenders.ts';
import type { Sample, Settings } from './measure.ts';

/** Milliseconds from the start of a process to the end of its first answer. */
export interface FirstAnswer {
  readonly server: string;
  readonly start: number;
  readonly milliseconds: number;
}

export interface Measured {
  readonly settings: Settings;
  readonly servers: readonly Name[];
  readonly samples: readonly Sample[];
  readonly firstAnswers: readonly FirstAnswer[];
  readonly fromSource: boolean;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** The median, and what all lie between. */
function spread(numbers: readonly number[], digits: number): string {
  if (numbers.length === 0) return '';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((each) => each.toFixed(digits));
  return `${median(numbers).toFixed(digits)} (${least}-${most})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What each round's sample comes to beside the first server's of the same round. */
function ratios(
  samples: readonly Sample[],
  own: readonly Sample[],
  of: (own: Sample, bare: Sample) => number,
): number[] {
  return own.flatMap((sample) => {
    const bare = samples.find(
      ({ server, round, load, concurrency }) =>
        server === 'bare' &&
        round === sample.round &&
        load === sample.load &&
        concurrency === sample.concurrency,
    );
    return bare === undefined ? [] : [of(sample, bare)];
  });
}

function rowsOf({ samples, servers, settings }: Measured, load: string, isWalk: boolean): string[][] {
  return settings.concurrency.flatMap((concurrency) =>
    servers.flatMap((server) => {
      const own = samples.filter(
        (each) => each.server === server && each.load === load && each.concurrency === concurrency,
      );
      if (own.length === 0) return [];
      const all = (of: (sample: Sample) => number, digits: number) => median(own.map(of)).toFixed(digits);
      const perCpu = ratios(samples, own, (one, bare) => bare.cpuMicroseconds / one.cpuMicroseconds);
      const inTime = ratios(samples, own, (one, bare) => bare.p50 / one.p50);
      const row = [
        String(concurrency),
        server,
        spread(perCpu, 2),
        ...(isWalk ? [spread(inTime, 2)] : []),
        all((each) => each.cpuMicroseconds, 0),
        all((each) => each.requestsPerSecond, 0),
        all((each) => each.p50, 2),
        all((each) => each.p99, 2),
        all((each) => each.eventLoopP99Ms, 1),
        all((each) => each.residentBytes / 1_048_576, 0),
        all((each) => each.bytes / 1_024, 1),
        all((each) => each.calls, 2),
      ];
      return [row];
    }),
  );
}

const head = (isWalk: boolean) => [
  'clients',
  'server',
  'times bare, per CPU second',
  ...(isWalk ? ['times bare, in time'] : []),
  'CPU µs a request',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'event loop p99 ms',
  'RSS MiB',
  'KiB an answer',
  isWalk ? 'calls a walk' : 'calls a request',
];

export function report(measured: Measured): string {
  const { settings, servers, firstAnswers, fromSource } = measured;
  const model = cpus()[0]?.model ?? 'unknown';
  const parts = [
    '# Peers',
    '',
    '`npm run bench` writes this file; [CONTRIBUTING.md](../../CONTRIBUTING.md#mutation-tests-and-benchmarks) says how.',
    '',
    `${new Date().toISOString().slice(0, 10)}, ${model.trim()}, ${availableParallelism()} cores, ` +
      `${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.versions.node}, ${process.platform}. ` +
      `${settings.starts} starts of each server, ${settings.rounds} rounds each, ${settings.seconds} s a turn after ${settings.warmUpSeconds} s of warming up a load; ` +
      `the gateway runs ${fromSource ? 'from source' : 'as it is packed'}.`,
    '',
    'Servers, clients and the stand-in for HealthImaging each have a process of their own, and within a round the servers take',
    'turns in random order. A ratio compares with `bare` in the same round: above 1 is better than `bare`. Ratios are medians',
    'with the least and the most of all rounds, the rest are medians. The peers map each row to a plain object once and make an',
    "opaque cursor of HealthImaging's next token and an index, neither encrypted nor authenticated; they have no limits, and",
    'check nothing that HealthImaging answers.',
    '',
    ...servers.map((name) => `- \`${name}\`: ${meanings[name]}`),
    '',
    '## First answer after the start',
    '',
    table(
      ['server', 'ms'],
      servers.map((server) => [
        server,
        spread(
          firstAnswers.filter((each) => each.server === server).map(({ milliseconds }) => milliseconds),
          0,
        ),
      ]),
    ),
    '',
  ];
  for (const [name, { meaning, walk = false }] of settings.loads) {
    parts.push(`## ${name}`, '', `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`, '');
    parts.push(table(head(walk), rowsOf(measured, name, walk)), '');
  }
  return parts.join('\n');
}
