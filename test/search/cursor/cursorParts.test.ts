import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { createCursorSealer, type CursorBinding } from '../../../src/search/cursor/cursor.ts';
import { decodePage, decodeRow, encodePage, encodeRow } from '../../../src/search/cursor/payload.ts';
import { decodeCursor, encodeCursor } from '../../../src/search/cursor/cursorText.ts';
import type { Position, RowPosition } from '../../../src/search/cursor/position.ts';
import { cursorKey, open, seal } from '../../../src/search/cursor/seal.ts';
import { namedPosition, sampleBinding, samplePage, samplePosition, sampleRow } from './samplePosition.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 7) % 256));
const sealedAt = Date.UTC(2026, 10, 24);
const lifetimeMs = 3_600_000;

describe('a cursor of format 1 opens for the day after it was made', () => {
  const first = { token: null, maxResults: 25, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } };
  const onFirstPage: Position = { page: { bound: null, ...first }, row: null };
  const named = { ...samplePage, bound: null };
  const rowOf = (id: string): Position => ({ row: { id, value: undefined, occurrence: 0 }, page: named });
  const principal = '["https://issuer.example","user-1"]';
  const ofOthers: CursorBinding = { ...sampleBinding, tenant: 'Klinik Süd', principal };
  const cursors: readonly [string, string, CursorBinding, Position][] = [
    [
      'of a row',
      'AQA8Lf1gKgx2agolP6WjJhNQekuLtRoR6ubyYT8Af2STFCK2LwD3NJmX1dxRB308YbkxVHEzO6LG-d6h513N3AcQ_GZFgI75OLxkeo8PUYwQa7uOH9oy0YROri-5cmvkvunugCDQR6ZwfNG_O5oJmJdLt6p703_NZw2sNxUYjIMKjE8nBppZsybBO77wQ7ezZ1ZhKx--d_rrJqenaq1FQJeRFg',
      sampleBinding,
      rowOf(sampleRow.id),
    ],
    [
      'of a row with an id longer than a block of key stream',
      'AQCoLf1gKnXff80VtH1ZdenKfGvoF4yrHy9CMqL2Vk5RE4K0-Fu08XqtkqGwTfeC3LD4Yt5OreIAcNuFSa2n6dT1c3C75QSRi4wAC-XsRH6tnIPtBJpjBkeNGY-cIb02E2_c9rImkdkEaG-x1Laan_5EWCNMA_eE-rWNzZ93mMEmrKvnTDKn6Jaq0IywADMRng5DcfvC_-IqDogaiT3o3Fkc6Gm3Z-Up4otuADbQGVRvYn3wJBiRy3AI_rEoiMjoru67v7YmrOw1o9rQIMke3Xc0_sEwG_N8AOkh_9kucygDdqLdff7O1-1TTw0k8WXwiYk8rQ1wX4udZ_mrdQTPcZV7bLW_7oz-UVTFC-I2pg',
      sampleBinding,
      rowOf('é'.repeat(40) + 'b'.repeat(60)),
    ],
    [
      'of the start of a page',
      'AQAALf1gKg466cd1HNn045Gi1-4f1hbThvTrQ2YwdSM6NfBCdwR7KQwd6NeeaAarrC7cuNdtZ2xl8lKR0rWWdJknHuKMNTxm',
      ofOthers,
      onFirstPage,
    ],
  ];

  test.each(cursors)('%s', (_title, text, binding, position) => {
    let now = sealedAt + lifetimeMs - 1;
    const sealer = createCursorSealer({ keys: [Buffer.alloc(32), key], now: () => now });
    expect(sealer.open(text, binding)).toEqual(position);
    expect(() => sealer.open(text, { ...binding, fingerprint: Buffer.alloc(16, 1) })).toThrow(
      expect.objectContaining({ code: 'CURSOR_FILTER_MISMATCH' }),
    );
    now += 1;
    expect(() => sealer.open(text, binding)).toThrow(expect.objectContaining({ code: 'CURSOR_EXPIRED' }));
  });

  test.each(cursors)('%s, only whole, for its binding and by its key', (_title, text, binding) => {
    const sealer = createCursorSealer({ keys: [key], now: () => sealedAt });
    const bytes = Buffer.from(text, 'base64url');
    const altered = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return copy;
    });
    const cut = Array.from(bytes, (_, length) => bytes.subarray(0, length));
    for (const each of [...altered, ...cut]) {
      expect(codeOf(() => sealer.open(each.toString('base64url'), binding))).toBe('INVALID_CURSOR');
    }
    const strangers = createCursorSealer({ keys: [Buffer.alloc(32, 1)], now: () => sealedAt });
    expect(codeOf(() => strangers.open(text, binding))).toBe('INVALID_CURSOR');
    expect(codeOf(() => sealer.open(text, { ...binding, principal: 'user-2' }))).toBe('INVALID_CURSOR');
  });
});

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

describe('a cursor of format 2 is this text, in every release', () => {
  const sealer = createCursorSealer({ keys: [key], now: () => sealedAt });

  test.each<[string, string, Position]>([
    [
      'of a row',
      'ApNPI4IAAInvgZdWyZjc03yXP1wcerFKGUpNAjP-A9anKOxicH1VKKibXjweXZ_todTIg115AAZsZCxg6__MjZrfkJVq7agF1EmFZYUXTogytkscS7EgYmLhvw052ikqrbw',
      samplePosition,
    ],
    [
      'of a row whose page is named',
      'ApNPI4IAdlbiXRMXxvTLtKf5BU0Itk1qxiuqeLiNSplGSC7KCC-zemY_L9ujAdH4TLiCO8rAQGrejs-6HPS2hV6rEM_Xw-Gghxixr1zBVUl38H8x3Qbt_ZBhdvktYbqmvYoprweCw662u0Wzrc623p_MUyJoKShxU50x-jJ9ZjTyTwAGakgDlGqHgF4sbs8D5VTY-Bk4YzJvXagrEs_EDQKXWHuFK9l3nkkhUcw5H_Ha3co68zgtgIJugkoUluIrzmvYCpP_T0Gm3bKrJYEEoG8bRjupEr6c',
      namedPosition,
    ],
    [
      'of the start of a page',
      'ApNPI4IAdqP5fnPqvOz3NXV9xo-4QXSzm4nz2o-pYPwmNlUBR4-tZzll9ONdbG2CQ6yNezFeWQrxkTsUH7Eb0ytLmTyX7fvCnNhVcYtF0aYe1rh4L1cfNgMH-kV2rufqv8vaOGgkRcDJ5C9ePQecO-VPzZHkRI7znP18lJw',
      { row: null, page: samplePage },
    ],
    [
      'of a row without a value',
      'ApNPI4IAAEJktKupYj-nvbEkwF5JJBrYPIY3KhLSHBYAhD134ixfOtjV3qeoWcPUSC5Tkfuwke3eBhBFoUTuB1SRR_Jey020VzU',
      { row: { ...sampleRow, value: null, occurrence: 3 }, page: null },
    ],
  ])('%s', (_title, text, position) => {
    expect(sealer.seal(position, sampleBinding)).toBe(text);
    expect(sealer.open(text, sampleBinding)).toEqual(position);
  });
});

describe('a cursor', () => {
  const sealer = createCursorSealer({ keys: [key], now: () => sealedAt });

  test('holds the longest next token and the longest row at once; a longer row is not sealed', () => {
    const position = (id: string): Position => ({
      page: { ...samplePage, token: 'T'.repeat(8_192), bound: 'b'.repeat(255) },
      row: { id, value: null, occurrence: 0 },
    });
    // Tag 16, sort, occurrence, fingerprint and the value's length 19, id: 1,024 bytes.
    const longest = position('x'.repeat(989));
    expect(sealer.open(sealer.seal(longest, sampleBinding), sampleBinding)).toEqual(longest);
    expect(() => sealer.seal(position('x'.repeat(990)), sampleBinding)).toThrow(GatewayError);
  });

  test('needs at least one key, each of 32 bytes', () => {
    const make = (keys: readonly Buffer[]) => () => createCursorSealer({ keys, now: () => sealedAt });
    expect(make([])).toThrow(new RangeError('expected at least one cursor key'));
    expect(make([Buffer.alloc(31)])).toThrow(new RangeError('expected a cursor key of 32 bytes'));
    expect(make([Buffer.alloc(33)])).toThrow(new RangeError('expected a cursor key of 32 bytes'));
  });

  test('for the same page of another search is bound to that search', () => {
    const other = { ...sampleBinding, fingerprint: Buffer.alloc(16, 1) };
    sealer.seal(namedPosition, sampleBinding);
    const text = sealer.seal(namedPosition, other);
    expect(sealer.open(text, other)).toEqual(namedPosition);
  });
});

describe('the text of a cursor', () => {
  const bytes = Buffer.from([1, 2, 3, 250]);
  const text = encodeCursor(bytes);

  test('is decoded up to the given length only', () => {
    expect([decodeCursor(text, 4), decodeCursor(text, 5), decodeCursor(text, 3)]).toEqual([
      bytes,
      bytes,
      undefined,
    ]);
    expect([decodeCursor('AAAA', 3), decodeCursor('AAAAAAAA', 3)]).toEqual([Buffer.alloc(3), undefined]);
  });

  test.each(['AQID+g', 'AQID-h', 'AQID-g=', 'AQID-g==', ' AQID-g', 'AQID-g\n', 'AQID-', 'AQ ID-g', 'AQID.g'])(
    'is not decoded from the spelling %j',
    (other) => {
      expect([text, decodeCursor(other, 100)]).toEqual(['AQID-g', undefined]);
    },
  );

  test('is empty without bytes', () => {
    expect(decodeCursor('', 0)).toEqual(Buffer.alloc(0));
  });
});

describe('the page part', () => {
  const page = { ...samplePage, token: 'ünï-token' };
  const payload = { hasRow: true, page, fingerprint: Buffer.alloc(16, 3) };

  test.each([
    payload,
    { ...payload, hasRow: false },
    { ...payload, page: { ...page, bound: null } },
    { ...payload, page: { ...page, bound: '' } },
    { ...payload, page: { ...page, token: '' } },
  ])('keeps all of %j', (each) => {
    expect(decodePage(encodePage(each))).toEqual(each);
  });
});

describe('the row part', () => {
  const fingerprint = Buffer.alloc(16, 3);

  test.each([
    { ...sampleRow, id: '', value: null },
    { ...sampleRow, id: 'ünï', occurrence: 255 },
    { ...sampleRow, value: { ...sampleRow.value, text: '' } },
  ])('keeps all of %j', (row) => {
    const payload = { row: row as RowPosition, fingerprint };
    expect(decodeRow(encodeRow(payload))).toEqual(payload);
  });
});

describe('a seal', () => {
  const { rows, pages, id } = cursorKey(key);
  const bound = Buffer.from('bound');

  test.each([0, 1, 15, 16, 17, 1_000])('of %i bytes opens with its key and binding only', (length) => {
    const plaintext = Buffer.alloc(length, 'row');
    const sealed = seal(rows, plaintext, bound);
    expect([sealed.length, open(rows, sealed, bound)]).toEqual([length + 16, plaintext]);
    expect(open(rows, sealed, Buffer.from('other'))).toBeUndefined();
    expect(open(pages, sealed, bound)).toBeUndefined();
    expect(open(cursorKey(Buffer.alloc(32, 1)).rows, sealed, bound)).toBeUndefined();
  });

  test('shorter than its tag does not open', () => {
    expect([0, 15].map((length) => open(rows, Buffer.alloc(length), bound))).toEqual([undefined, undefined]);
  });

  test('encrypts with a key stream of its own for each plaintext', () => {
    const streams = [Buffer.alloc(192), Buffer.alloc(192, 1)].map((plaintext) =>
      seal(rows, plaintext, bound).subarray(16),
    );
    // 192 random bytes have about half of all values.
    for (const stream of streams) expect(new Set(stream).size).toBeGreaterThan(90);
    expect(streams[0]?.equals(streams[1]?.map((byte) => byte ^ 1) ?? Buffer.alloc(0))).toBe(false);
  });

  test('has a key id that is the same for a key everywhere, and 4 bytes long', () => {
    expect([id.length, cursorKey(Buffer.from(key)).id.equals(id)]).toEqual([4, true]);
  });
});
