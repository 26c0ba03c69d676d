import { randomBytes } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { GatewayError, type ErrorCode } from '../../../src/errors.ts';
import {
  createCursorSealer,
  type CursorBinding,
  type CursorSealer,
} from '../../../src/search/cursor/cursor.ts';
import type { PagePosition, Position, RowPosition } from '../../../src/search/cursor/position.ts';
import { propertyParameters, propertyRuns } from '../../support/propertyRuns.ts';
import {
  namedPosition as named,
  sampleBinding as binding,
  samplePage,
  samplePosition as position,
  sampleRow,
} from './samplePosition.ts';

const keys = [Buffer.alloc(32, 1)];
const now = () => Date.UTC(2026, 10, 24, 12);
const sealer = createCursorSealer({ keys, now });

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

const pages: fc.Arbitrary<PagePosition> = fc.record({
  bound: fc.option(fc.string({ maxLength: 60, unit: 'grapheme-ascii' })),
  token: fc.oneof(
    fc.string({ minLength: 1, maxLength: 400 }),
    fc.integer({ min: 1, max: 8192 }).map((length) => 'T'.repeat(length)),
  ),
  maxResults: fc.integer({ min: 1, max: 50 }),
  pageSizeOfToken: fc.integer({ min: 1, max: 50 }),
  loopCheck: fc.record({
    followed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    mark: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((mark) => mark.toString(16).padStart(16, '0')),
  }),
});
const rows: fc.Arbitrary<RowPosition> = fc.record({
  id: fc.oneof(fc.stringMatching(/^[0-9a-z]{32}$/), fc.stringMatching(/^[0-9]{1,12}$/)),
  value: fc.option(
    fc.record({
      sort: fc.record({
        sortField: fc.constantFrom('updatedAt', 'createdAt', 'DICOMStudyDateAndTime'),
        sortOrder: fc.constantFrom('ASC', 'DESC'),
      }),
      text: fc.string({ maxLength: 60 }),
    }),
  ),
  occurrence: fc.nat({ max: 255 }),
});
const places = fc.record({ row: rows, page: fc.option(pages) });
const positions: fc.Arbitrary<Position> = fc.oneof(
  places,
  fc.record({ row: fc.constant(null), page: pages }),
);

describe('a cursor', () => {
  test('opens to the position that was sealed', () => {
    fc.assert(
      fc.property(positions, (sealed) => {
        expect(sealer.open(sealer.seal(sealed, binding), binding)).toEqual(sealed);
      }),
      propertyParameters(2_000),
    );
  });

  test('reveals neither the next token nor ids nor the sort value, as text or decoded', () => {
    const secrets = [
      samplePage.token,
      samplePage.bound,
      sampleRow.id,
      sampleRow.value?.text,
      binding.datastoreId,
      binding.principal,
    ];
    for (const text of [sealer.seal(position, binding), sealer.seal(named, binding)]) {
      for (const seen of [text, Buffer.from(text, 'base64url').toString('latin1')]) {
        for (const secret of secrets.map((each) => each ?? '')) {
          const bytes = Buffer.from(secret);
          for (const part of [secret, bytes.toString('base64url'), bytes.toString('hex')]) {
            expect(seen).not.toContain(part.slice(0, 12));
          }
        }
      }
    }
  });

  test('is the same text for the same position and binding, whoever seals it and when', () => {
    const other = createCursorSealer({ keys: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], now: () => 0 });
    fc.assert(
      fc.property(positions, (sealed) => {
        const again = structuredClone(sealed);
        expect(other.seal(again, { ...binding })).toBe(sealer.seal(sealed, binding));
      }),
      propertyParameters(500),
    );
  });

  test('is the same text, sealed alone or with others', () => {
    fc.assert(
      fc.property(fc.array(places, { maxLength: 12 }), (several) => {
        expect(sealer.sealEach(several, binding)).toEqual(
          several.map((each) => sealer.seal(structuredClone(each), binding)),
        );
      }),
      propertyParameters(1_000),
    );
  });

  test('of a row depends on nothing but key, binding, value and id: on no page, unless it is named', () => {
    const text = sealer.seal({ row: sampleRow, page: null }, binding);
    const others = [
      sealer.seal({ row: { ...sampleRow, id: 'b'.repeat(32) }, page: null }, binding),
      sealer.seal({ row: { ...sampleRow, value: null }, page: null }, binding),
      sealer.seal({ row: { ...sampleRow, occurrence: 1 }, page: null }, binding),
      sealer.seal(named, binding),
      sealer.seal(position, { ...binding, principal: 'user-2' }),
      sealer.seal(position, { ...binding, fingerprint: Buffer.alloc(16, 8) }),
      createCursorSealer({ keys: [Buffer.alloc(32, 2)], now }).seal(position, binding),
    ];
    expect(new Set([text, ...others]).size).toBe(8);
  });

  test('is not made for a row with an id of excessive length', () => {
    const row = { ...sampleRow, id: 'x'.repeat(2_000) };
    expect(() => sealer.seal({ page: null, row }, binding)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL_ERROR' }),
    );
  });

  test('holds the longest next token of the service model; a longer one is not sealed', () => {
    const page = (length: number) => ({ ...samplePage, token: 'T'.repeat(length) });
    const longest: Position = { row: sampleRow, page: page(8192) };
    expect(sealer.open(sealer.seal(longest, binding), binding)).toEqual(longest);
    expect(() => sealer.seal({ row: sampleRow, page: page(8193) }, binding)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL_ERROR' }),
    );
  });
});

describe('opening a cursor', () => {
  test('succeeds after years: it ends with its key', () => {
    const later = createCursorSealer({ keys, now: () => Date.UTC(2036, 10, 24) });
    expect(later.open(sealer.seal(position, binding), binding)).toEqual(position);
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
      createCursorSealer({ keys: list.filter((key) => key !== undefined), now });
    const old = ring(former).seal(position, binding);
    const rotated = ring(current, former);
    expect(rotated.open(old, binding)).toEqual(position);
    const fresh = rotated.seal(position, binding);
    expect(ring(current).open(fresh, binding)).toEqual(position);
    expect(refusal(fresh, ring(former))).toBe('INVALID_CURSOR');
    expect(refusal(old, ring(foreign))).toBe('INVALID_CURSOR');
  });

  test('needs at least one key, of 32 bytes', () => {
    const make = (list: Buffer[]) => () => createCursorSealer({ keys: list, now });
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
            const start = Buffer.from(sealer.seal(position, binding), 'base64url').subarray(0, 5);
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
  const namedText = sealer.seal(named, binding);
  const others = [
    namedText,
    sealer.seal({ ...named, page: { ...samplePage, token: 'another token' } }, binding),
    sealer.seal({ page: samplePage, row: { ...sampleRow, id: 'b'.repeat(32) } }, binding),
    sealer.seal({ page: samplePage, row: null }, binding),
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
      return bytes.subarray(0, 7 + bytes.readUInt16BE(5)).toString('base64url');
    },
    'with its page part cut out': (text) => {
      const bytes = Buffer.from(text, 'base64url');
      const rowStart = 7 + bytes.readUInt16BE(5);
      bytes.writeUInt16BE(0, 5);
      return Buffer.concat([bytes.subarray(0, 7), bytes.subarray(rowStart)]).toString('base64url');
    },
    'as one of format 1': (text) => {
      const bytes = Buffer.from(text, 'base64url');
      bytes.writeUInt8(1, 0);
      return bytes.toString('base64url');
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
    for (const text of [rowText, namedText]) {
      const bytes = Buffer.from(text, 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const altered = Buffer.from(bytes);
        altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(refusal(altered.toString('base64url'))).toBe('INVALID_CURSOR');
      }
    }
  });

  test('include a row part appended to a cursor without one, or moved to another page', () => {
    const row = Buffer.from(namedText, 'base64url');
    const rowPart = row.subarray(7 + row.readUInt16BE(5));
    for (const text of others.slice(1)) {
      const other = Buffer.from(text, 'base64url');
      const page = other.subarray(0, 7 + other.readUInt16BE(5));
      const isSamePage = page.equals(row.subarray(0, page.length));
      const mixed = Buffer.concat([page, rowPart]).toString('base64url');
      expect(refusal(mixed)).toBe(isSamePage ? undefined : 'INVALID_CURSOR');
    }
  });
});
