import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { startImportRun, takeInstances } from '../../src/local/import/takeInstances.ts';
import { readCriteria, type Search, type SearchCriteria } from '../../src/local/store/criteria.ts';
import type { PagePosition } from '../../src/local/store/pageToken.ts';
import { searchRows } from '../../src/local/store/searchRows.ts';
import { openStore, type Store } from '../../src/local/store/store.ts';
import { putImageSets, syntheticInstance } from '../support/gateway/withLocal.ts';

/**
 * What searches of a large store take: of the event loop, of the CPU in all threads, and of the caller's time. A cold search is the
 * first after the store was opened; the system may still hold the file. `node test/bench/store.ts [--count 1000000]
 * [--searches 40] [--directory FOLDER]`; a folder is kept, and filled only once.
 */
const { values: flags } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    searches: { type: 'string', default: '40' },
    directory: { type: 'string' },
  },
});
const count = Number(flags.count);
const searches = Number(flags.searches);
const directory = flags.directory ?? mkdtempSync(join(tmpdir(), 'bench-store-'));

const day = 86_400_000;
const days = 3_652;
const start = Date.UTC(2016, 0, 1);

/** Ten years, evenly; one in five was updated within 30 days; studies are up to five years older than their image sets. */
function fill(store: Store): void {
  const batch = 10_000;
  for (let first = 0; first < count; first += batch) {
    const rows = Array.from({ length: Math.min(batch, count - first) }, (_, offset) => {
      const index = first + offset;
      const createdAt = start + Math.floor((index / count) * days * day);
      const scattered = (index * 7_919) % 10_007;
      const rest = Math.min(30 * day, start + days * day - createdAt);
      const updatedAt = index % 5 === 0 ? createdAt + Math.floor((scattered / 10_007) * rest) : createdAt;
      const studied = new Date(createdAt - Math.floor((scattered / 10_007) * 1_826 * day));
      const studyInstanceUid = `1.2.3.${Math.floor(index / 4)}`;
      return {
        createdAt,
        updatedAt,
        isPrimary: index % 50 !== 0,
        studyInstanceUid,
        seriesInstanceUid: `${studyInstanceUid}.${index}`,
        tags: {
          DICOMPatientId: `PATIENT-${Math.floor(index / 12)}`,
          DICOMStudyDate: studied.toISOString().slice(0, 10).replaceAll('-', ''),
        },
      };
    });
    putImageSets(store, rows);
  }
}

type Make = (at: number) => SearchCriteria;
const seconds = (at: number) => start / 1_000 + Math.floor(at * 86_400);
const created = (length: number): Make => ranged('createdAt', length, seconds);
const studied = (length: number): Make =>
  ranged('DICOMStudyDateAndTime', length, (at) => ({
    DICOMStudyDate: new Date(start + at * day).toISOString().slice(0, 10).replaceAll('-', ''),
  }));
const sorted =
  (
    make: Make,
    sortField: 'createdAt' | 'DICOMStudyDateAndTime' | 'updatedAt',
    sortOrder: 'ASC' | 'DESC',
  ): Make =>
  (at) => ({ ...make(at), sort: { sortField, sortOrder } });

function ranged(attribute: string, length: number, value: (at: number) => never | number | object): Make {
  return (at) => {
    const low = at * (days - length);
    const bounds = [low, low + length].map((bound) => ({ [attribute]: value(bound) }));
    return { filters: [{ operator: 'BETWEEN', values: bounds as never }] };
  };
}

const loads: Readonly<Record<string, Make>> = {
  'a patient': (at) => ({
    filters: [
      { operator: 'EQUAL', values: [{ DICOMPatientId: `PATIENT-${Math.floor((at * count) / 12)}` }] },
    ],
  }),
  'a study UID': (at) => ({
    filters: [
      { operator: 'EQUAL', values: [{ DICOMStudyInstanceUID: `1.2.3.${Math.floor((at * count) / 4)}` }] },
    ],
  }),
  'study month by study date': sorted(studied(30), 'DICOMStudyDateAndTime', 'DESC'),
  'study month, default sort': studied(30),
  'study year, default sort': studied(365),
  'study five years, default sort': studied(1_826),
  'created month by createdAt': sorted(created(30), 'createdAt', 'DESC'),
  'created month by updatedAt': created(30),
  'created year by updatedAt': created(365),
  'created five years by updatedAt': created(1_826),
  'created five years by updatedAt ASC': sorted(created(1_826), 'updatedAt', 'ASC'),
  'created five years by study date': sorted(created(1_826), 'DICOMStudyDateAndTime', 'DESC'),
  'not primary and created five years': (at) => ({
    filters: [{ operator: 'EQUAL', values: [{ isPrimary: false }] }, ...(created(1_826)(at).filters ?? [])],
  }),
  'primary and created month': (at) => ({
    filters: [{ operator: 'EQUAL', values: [{ isPrimary: true }] }, ...(created(30)(at).filters ?? [])],
  }),
};

interface Taken {
  readonly loop: number;
  readonly cpu: number;
  readonly wall: number;
}

async function take(store: Store, search: Search, after?: PagePosition): Promise<Taken> {
  // The clock of the loop's utilization starts with the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const [loop, cpu, wall] = [performance.eventLoopUtilization(), process.cpuUsage(), performance.now()];
  await searchRows(store, { search, after, limit: 50 });
  const { user, system } = process.cpuUsage(cpu);
  return {
    wall: performance.now() - wall,
    loop: performance.eventLoopUtilization(loop).active,
    cpu: (user + system) / 1_000,
  };
}

function middleAndMost(times: readonly number[]): string {
  const ordered = times.toSorted((one, other) => one - other);
  return `${(ordered[Math.floor(ordered.length / 2)] ?? 0).toFixed(1)} | ${(ordered.at(-1) ?? 0).toFixed(1)}`;
}

async function row(name: string, make: Make): Promise<string> {
  const cold: Taken[] = [];
  for (const at of [0, 0.5, 0.9]) {
    using store = openStore({ directory });
    cold.push(await take(store, readCriteria(make(at))));
  }
  using store = openStore({ directory });
  const warm: Taken[] = [];
  await take(store, readCriteria(make(0)));
  for (let index = 0; index < searches; index += 1)
    warm.push(await take(store, readCriteria(make(index / searches))));
  const cells = [
    middleAndMost(warm.map(({ loop }) => loop)),
    middleAndMost(warm.map(({ cpu }) => cpu)),
    middleAndMost(warm.map(({ wall }) => wall)),
    middleAndMost(cold.map(({ loop }) => loop)),
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

/** Image sets a second, of two instances each, without reading files: what the store itself takes. */
function importSpeed(): number {
  using store = openStore({ directory });
  const run = startImportRun();
  const batches = 20;
  const began = performance.now();
  for (let batch = 0; batch < batches; batch += 1) {
    const records = Array.from({ length: 500 }, (_, index) => {
      const series = `1.9.${process.pid}.${batch}.${Math.floor(index / 2)}`;
      return syntheticInstance({ study: series, series, instance: `${series}.${index}` });
    });
    takeInstances(store, run, records, Date.now());
  }
  return (batches * 250) / ((performance.now() - began) / 1_000);
}

{
  using store = openStore({ directory });
  if (store.prepare('SELECT 1 FROM image_set LIMIT 1').get() === undefined) fill(store);
}
process.stdout.write(
  `${count} image sets, ${searches} searches of each kind, milliseconds\n\n` +
    '| search | loop p50 | max | CPU p50 | max | answer p50 | max | cold loop p50 | max |\n' +
    `|${' --- |'.repeat(9)}\n`,
);
for (const [name, make] of Object.entries(loads)) process.stdout.write(`${await row(name, make)}\n`);
process.stdout.write(
  `\nInto the filled store: ${importSpeed().toFixed(0)} image sets of two instances a second\n`,
);
if (flags.directory === undefined) rmSync(directory, { recursive: true });
