import { randomBytes } from 'node:crypto';

import { createCursorSealer } from '../../src/search/cursor/cursor.ts';
import type { PagePosition, Position } from '../../src/search/cursor/position.ts';
import { startOfLoopCheck } from '../../src/search/paging/tokenLoop.ts';

/** Sealing and opening of the cursors of a page of 50, in microseconds; the peer is one AES-GCM a cursor. */
const rows = 50;
const rounds = 400;
const warmUp = 100;
const sealer = createCursorSealer({ keys: [randomBytes(32)], now: Date.now, lifetimeMs: 60_000 });
const binding = { datastoreId: 'a'.repeat(32), tenant: '', principal: '', fingerprint: randomBytes(16) };

function samplePage(): PagePosition {
  const token = randomBytes(75).toString('base64url');
  return {
    token,
    maxResults: rows,
    pageSizeOfToken: rows,
    loopCheck: { ...startOfLoopCheck, followed: 1, mark: '0'.repeat(16) },
  };
}

function positionsOf(page: PagePosition, ownPage: boolean): Position[] {
  return Array.from({ length: rows }, (_, index) => ({
    page: ownPage ? { ...page } : page,
    row: { index, id: 'b'.repeat(32), previous: null, next: null },
  }));
}

function microseconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1000;
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}

const sealing: number[] = [];
const sealingEach: number[] = [];
const opening: number[] = [];
for (let round = 0; round < warmUp + rounds; round += 1) {
  const shared = positionsOf(samplePage(), false);
  const each = positionsOf(samplePage(), true);
  const cursors: string[] = [];
  const times = [
    microseconds(() => {
      for (const position of shared) cursors.push(sealer.seal(position, binding));
    }),
    microseconds(() => {
      for (const position of each) sealer.seal(position, binding);
    }),
    microseconds(() => {
      for (const cursor of cursors) sealer.open(cursor, binding);
    }),
  ] as const;
  if (round < warmUp) continue;
  sealing.push(times[0]);
  sealingEach.push(times[1]);
  opening.push(times[2] / rows);
}

process.stdout.write(
  `seal the ${rows} cursors of a page    ${median(sealing).toFixed(0)} µs\n` +
    `the same, sealed one by one      ${median(sealingEach).toFixed(0)} µs (${(median(sealingEach) / median(sealing)).toFixed(1)} times as much)\n` +
    `open a cursor                    ${median(opening).toFixed(0)} µs\n`,
);
