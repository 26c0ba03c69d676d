import { createCipheriv, randomBytes } from 'node:crypto';

import { createCursorSealer } from '../../src/search/cursor/cursor.ts';
import type { PagePosition, RowPlace } from '../../src/search/cursor/position.ts';

/** Sealing and opening of the cursors of a page of 50, in microseconds; the peer is one AES-GCM a cursor, with a nonce of its own. */
const rows = 50;
const rounds = 400;
const warmUp = 100;
const key = randomBytes(32);
const sealer = createCursorSealer({ keys: [key], now: Date.now });
const binding = { datastoreId: 'a'.repeat(32), tenant: '', principal: '', fingerprint: randomBytes(16) };
const sort = { sortField: 'updatedAt', sortOrder: 'DESC' } as const;

function samplePage(): PagePosition {
  return {
    bound: null,
    token: randomBytes(75).toString('base64url'),
    maxResults: rows,
    pageSizeOfToken: rows,
    loopCheck: { followed: 1, mark: '0'.repeat(16) },
  };
}

function positionsOf(page: PagePosition | null): RowPlace[] {
  return Array.from({ length: rows }, (_, index) => {
    const text = new Date(1_700_000_000_000 + index).toISOString();
    return { page, row: { id: String(index).padStart(32, 'b'), value: { sort, text }, occurrence: 0 } };
  });
}

function peer(plaintext: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(binding.fingerprint);
  const sealed = [nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

function microseconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1000;
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}

const plaintext = randomBytes(75);
const measured: number[][] = [[], [], [], [], []];
for (let round = 0; round < warmUp + rounds; round += 1) {
  const [plain, named] = [positionsOf(null), positionsOf(samplePage())];
  const cursors: string[] = [];
  const times = [
    microseconds(() => {
      for (const position of plain) cursors.push(sealer.seal(position, binding));
    }),
    microseconds(() => {
      sealer.sealEach(plain, binding);
    }),
    microseconds(() => {
      for (const position of named) sealer.seal(position, binding);
    }),
    microseconds(() => {
      for (let count = 0; count < rows; count += 1) peer(plaintext);
    }),
    microseconds(() => {
      for (const cursor of cursors) sealer.open(cursor, binding);
    }),
  ];
  if (round >= warmUp) for (const [index, time] of times.entries()) measured[index]?.push(time);
}

const [plain = 0, together = 0, named = 0, ofPeer = 0, opening = 0] = measured.map(median);
process.stdout.write(
  `seal the ${rows} cursors of a page            ${plain.toFixed(0)} µs\n` +
    `the same, sealed together                ${together.toFixed(0)} µs\n` +
    `one by one, where each names its page      ${named.toFixed(0)} µs\n` +
    `${rows} AES-256-GCM with random nonces        ${ofPeer.toFixed(0)} µs (ours: ${(plain / ofPeer).toFixed(1)} times that)\n` +
    `open a cursor                            ${(opening / rows).toFixed(0)} µs\n`,
);
