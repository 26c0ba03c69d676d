import { randomBytes } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError, type ErrorCode } from '../../../src/errors.ts';
import {
  createCursorSealer,
  type CursorBinding,
  type CursorSealer,
} from '../../../src/search/cursor/cursor.ts';
import type { Position } from '../../../src/search/cursor/position.ts';
import { propertyParameters, propertyRuns } from '../../support/propertyRuns.ts';
import { samplePosition as position, sampleBinding as binding } from './samplePosition.ts';

const keys = [Buffer.alloc(32, 1)];
const lifetimeMs = 60_000;
const noon = Date.UTC(2026, 10, 24, 12);
const sealer = createCursorSealer({ keys, now: () => noon, lifetimeMs });

/** The code of the error that opening throws; undefined when it opens. Anything but a GatewayError is rethrown. */
function refusal(
  text: string,
  by: CursorSealer = sealer,
  as: CursorBinding = binding,
): ErrorCode | undefined {
  try {
    by.open(text, as);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

const links = fc.oneof(
  fc.constant({ token: null, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } }),
  fc.record({
    token: fc.oneof(
      fc.string({ minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 8192 }).map((length) => 'T'.repeat(length)),
    ),
    pageSizeOfToken: fc.integer({ min: 1, max: 50 }),
    loopCheck: fc.record({
      followed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      mark: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((mark) => mark.toString(16).padStart(16, '0')),
    }),
  }),
);
const hashes = fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }));
const positions: fc.Arbitrary<Position> = fc.record({
  page: fc
    .tuple(links, fc.integer({ min: 1, max: 50 }))
    .map(([link, maxResults]) => ({ ...link, maxResults })),
  row: fc.option(
    fc.record({
      index: fc.nat({ max: 2 ** 32 - 1 }),
      id: fc.oneof(fc.stringMatching(/^[0-9a-z]{32}$/), fc.stringMatching(/^[0-9]{1,12}$/)),
      previous: hashes,
      next: hashes,
    }),
  ),
});

describe('a cursor', () => {
  test('opens to the position that was sealed', () => {
    fc.assert(
      fc.property(positions, (sealed) => {
        expect(sealer.open(sealer.seal(sealed, binding), binding)).toEqual(sealed);
      }),
      propertyParameters(2_000),
    );
  });

  test('reveals neither the next token nor the ids, as text or decoded', () => {
    const text = sealer.seal(position, binding);
    const { token } = position.page;
    for (const seen of [text, Buffer.from(text, 'base64url').toString('latin1')]) {
      for (const secret of [token ?? '', position.row?.id ?? '', binding.datastoreId, binding.principal]) {
        for (const part of [
          secret,
          Buffer.from(secret).toString('base64url'),
          Buffer.from(secret).toString('hex'),
        ]) {
          expect(seen).not.toContain(part.slice(0, 12));
        }
      }
    }
  });

  test('differs each time that a page is read, and is the same for one row of one page', () => {
    const again = { ...position, page: { ...position.page } };
    expect(sealer.seal(again, binding)).not.toBe(sealer.seal(position, binding));
    expect(sealer.seal(position, binding)).toBe(sealer.seal(position, binding));
  });

  test('has the same length for every row of a page', () => {
    const rows = [0, 1, 49].map((index) => ({ index, id: 'b'.repeat(32), previous: null, next: index + 1 }));
    const lengths = rows.map((row) => sealer.seal({ page: position.page, row }, binding).length);
    expect(new Set(lengths).size).toBe(1);
  });

  test('is not made for a row with an id of excessive length', () => {
    const row = { index: 0, id: 'x'.repeat(2_000), previous: null, next: null };
    expect(() => sealer.seal({ page: position.page, row }, binding)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL_ERROR' }),
    );
  });

  test('holds the longest next token of the service model; a longer one is not sealed', () => {
    const page = (length: number) => ({ ...position.page, token: 'T'.repeat(length) });
    const longest = { ...position, page: page(8192) };
    expect(sealer.open(sealer.seal(longest, binding), binding)).toEqual(longest);
    expect(() => sealer.seal({ ...position, page: page(8193) }, binding)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL_ERROR' }),
    );
  });
});

describe('opening a cursor', () => {
  test('is refused from the moment it expires', () => {
    let now = noon;
    const clocked = createCursorSealer({ keys, now: () => now, lifetimeMs });
    const text = clocked.seal(position, binding);
    now = noon + lifetimeMs - 1;
    expect(refusal(text, clocked)).toBeUndefined();
    now = noon + lifetimeMs;
    expect(refusal(text, clocked)).toBe('CURSOR_EXPIRED');
  });

  test('is refused for another filter or sort, with a code of its own', () => {
    const other = { ...binding, fingerprint: Buffer.alloc(16, 8) };
    expect(refusal(sealer.seal(position, binding), sealer, other)).toBe('CURSOR_FILTER_MISMATCH');
  });

  test.each<[string, Partial<CursorBinding>]>([
    ['another data store', { datastoreId: 'c'.repeat(32) }],
    ['another tenant', { tenant: 'clinic-2' }],
    ['another principal', { principal: 'user-2' }],
    ['no principal', { principal: '' }],
    ['the same text divided otherwise', { tenant: 'clinic-1u', principal: 'ser-1' }],
  ])('is refused for %s', (_who, change) => {
    expect(refusal(sealer.seal(position, binding), sealer, { ...binding, ...change })).toBe('INVALID_CURSOR');
  });

  test('succeeds with any of the keys; the first one seals', () => {
    const [former, current, foreign] = [2, 3, 4].map((byte) => Buffer.alloc(32, byte));
    const ring = (...list: (Buffer | undefined)[]) =>
      createCursorSealer({ keys: list.filter((key) => key !== undefined), now: () => noon, lifetimeMs });
    const old = ring(former).seal(position, binding);
    const rotated = ring(current, former);
    expect(rotated.open(old, binding)).toEqual(position);
    const fresh = rotated.seal(position, binding);
    expect(ring(current).open(fresh, binding)).toEqual(position);
    expect(refusal(fresh, ring(former))).toBe('INVALID_CURSOR');
    expect(refusal(old, ring(foreign))).toBe('INVALID_CURSOR');
  });

  test('needs at least one key, of 32 bytes', () => {
    const make = (list: Buffer[]) => () => createCursorSealer({ keys: list, now: () => noon, lifetimeMs });
    expect(make([])).toThrow(RangeError);
    expect(make([Buffer.alloc(16)])).toThrow(RangeError);
  });

  test('of any other text throws INVALID_CURSOR and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 600 }),
          fc.base64String({ maxLength: 600 }),
          fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
          fc.uint8Array({ maxLength: 400 }).map((bytes) => {
            const start = Buffer.from(sealer.seal(position, binding), 'base64url').subarray(0, 7);
            return Buffer.concat([start, bytes]).toString('base64url');
          }),
        ),
        (text) => {
          expect(refusal(text)).toBe('INVALID_CURSOR');
        },
      ),
      propertyParameters(5_000),
    );
    expect(refusal('A'.repeat(10_000_000))).toBe('INVALID_CURSOR');
  });
});

describe('100,000 altered cursors', () => {
  const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const rowText = sealer.seal(position, binding);
  const others = [
    sealer.seal({ ...position, page: { ...position.page } }, binding),
    sealer.seal(
      { page: position.page, row: { index: 3, id: 'b'.repeat(32), previous: 1, next: 2 } },
      binding,
    ),
    sealer.seal({ page: { ...position.page }, row: null }, binding),
  ];
  const pick = (count: number) => randomBytes(4).readUInt32BE() % count;
  const at = <Item>(list: readonly Item[]): Item => {
    const item = list[pick(list.length)];
    if (item === undefined) throw new RangeError('expected a list with items');
    return item;
  };
  const sources = [rowText, ...others];

  function flipBit(text: string): string {
    const bytes = Buffer.from(text, 'base64url');
    const index = pick(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << pick(8)), index);
    return bytes.toString('base64url');
  }

  const alterations: Readonly<Record<string, (text: string) => string>> = {
    'a bit flipped': flipBit,
    'two bits flipped': (text) => flipBit(flipBit(text)),
    'a character replaced': (text) => {
      const index = pick(text.length);
      return text.slice(0, index) + at(Array.from(base64url)) + text.slice(index + 1);
    },
    'a character inserted': (text) => {
      const index = pick(text.length + 1);
      return text.slice(0, index) + at(Array.from(`${base64url} =+/\n.é`)) + text.slice(index);
    },
    'a character removed': (text) => {
      const index = pick(text.length);
      return text.slice(0, index) + text.slice(index + 1);
    },
    'cut off at the end': (text) => text.slice(0, pick(text.length)),
    'cut off at the front': (text) => text.slice(1 + pick(text.length - 1)),
    padded: (text) => text + '='.repeat(1 + pick(3)),
    'in the other alphabet of base64': (text) => `${text.replaceAll('-', '+').replaceAll('_', '/')}/`,
    'with other spare bits': (text) => {
      const last = base64url.indexOf(text.at(-1) ?? '');
      return text.slice(0, -1) + (base64url[last ^ (1 + pick(3))] ?? '');
    },
    'with the tail of another': (text) => {
      const index = pick(text.length);
      return text.slice(0, index) + at(others).slice(index);
    },
    'with its row part cut off': (text) => {
      const bytes = Buffer.from(text, 'base64url');
      const rowLength = bytes.readUInt16BE(1);
      bytes.writeUInt16BE(0, 1);
      return bytes.subarray(0, bytes.length - Math.max(rowLength, 1)).toString('base64url');
    },
  };

  test.each(Object.keys(alterations))('are all refused with %s', (name) => {
    const alter = alterations[name];
    const each = Math.ceil(propertyRuns(100_000) / Object.keys(alterations).length);
    const outcomes = new Set<ErrorCode | undefined>();
    for (let count = 0; count < each; count += 1) {
      const text = at(sources);
      const altered = alter?.(text) ?? text;
      if (!sources.includes(altered)) outcomes.add(refusal(altered));
    }
    expect([...outcomes]).toEqual(['INVALID_CURSOR']);
  });

  test('include every single bit of a cursor flipped', () => {
    const bytes = Buffer.from(rowText, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(refusal(altered.toString('base64url'))).toBe('INVALID_CURSOR');
    }
  });

  test('include a row part appended to a cursor without one', () => {
    const page = Buffer.from(sealer.seal({ page: { ...position.page }, row: null }, binding), 'base64url');
    const row = Buffer.from(rowText, 'base64url');
    const rowLength = row.readUInt16BE(1);
    page.writeUInt16BE(rowLength, 1);
    const mixed = Buffer.concat([page, row.subarray(-rowLength)]);
    expect(refusal(mixed.toString('base64url'))).toBe('INVALID_CURSOR');
  });

  test('include a row part moved to another page', () => {
    const [first, second] = [sealer.seal(position, binding), others[0] ?? ''].map((text) =>
      Buffer.from(text, 'base64url'),
    );
    if (first === undefined || second === undefined) throw new RangeError('expected two cursors');
    const rowLength = first.readUInt16BE(1);
    const mixed = Buffer.concat([second.subarray(0, -rowLength), first.subarray(-rowLength)]);
    expect(refusal(mixed.toString('base64url'))).toBe('INVALID_CURSOR');
  });
});
