import { describe, expect, test } from '@jest/globals';

import { GatewayError } from '../../../src/errors.ts';
import { createCursorSealer, type CursorBinding } from '../../../src/search/cursor/cursor.ts';
import { decodePage, decodeRow, encodePage, encodeRow } from '../../../src/search/cursor/payload.ts';
import { decodeCursor, encodeCursor } from '../../../src/search/cursor/cursorText.ts';
import { cursorKey, openPage, sealPage } from '../../../src/search/cursor/pageSeal.ts';
import type { Position } from '../../../src/search/cursor/position.ts';
import { openRow, rowKeys, sealRow } from '../../../src/search/cursor/rowSeal.ts';
import { sampleBinding, samplePosition } from './samplePosition.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 7) % 256));
const sealedAt = Date.UTC(2026, 10, 24);
const lifetimeMs = 3_600_000;

describe('a cursor of version 1 opens in every release until it expires', () => {
  const onFirstPage: Position = {
    page: { token: null, maxResults: 25, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } },
    row: null,
  };
  const onLongRow: Position = {
    page: samplePosition.page,
    row: { index: 12, id: 'é'.repeat(40) + 'b'.repeat(60), previous: 7, next: 11 },
  };
  const principal = '["https://issuer.example","user-1"]';

  test.each<[string, string, CursorBinding, Position]>([
    [
      'of a row',
      'AQA8Lf1gKgx2agolP6WjJhNQekuLtRoR6ubyYT8Af2STFCK2LwD3NJmX1dxRB308YbkxVHEzO6LG-d6h513N3AcQ_GZFgI75OLxkeo8PUYwQa7uOH9oy0YROri-5cmvkvunugCDQR6ZwfNG_O5oJmJdLt6p703_NZw2sNxUYjIMKjE8nBppZsybBO77wQ7ezZ1ZhKx--d_rrJqenaq1FQJeRFg',
      sampleBinding,
      samplePosition,
    ],
    [
      'of a row with an id longer than a block of key stream',
      'AQCoLf1gKnXff80VtH1ZdenKfGvoF4yrHy9CMqL2Vk5RE4K0-Fu08XqtkqGwTfeC3LD4Yt5OreIAcNuFSa2n6dT1c3C75QSRi4wAC-XsRH6tnIPtBJpjBkeNGY-cIb02E2_c9rImkdkEaG-x1Laan_5EWCNMA_eE-rWNzZ93mMEmrKvnTDKn6Jaq0IywADMRng5DcfvC_-IqDogaiT3o3Fkc6Gm3Z-Up4otuADbQGVRvYn3wJBiRy3AI_rEoiMjoru67v7YmrOw1o9rQIMke3Xc0_sEwG_N8AOkh_9kucygDdqLdff7O1-1TTw0k8WXwiYk8rQ1wX4udZ_mrdQTPcZV7bLW_7oz-UVTFC-I2pg',
      sampleBinding,
      onLongRow,
    ],
    [
      'of the start of a page',
      'AQAALf1gKg466cd1HNn045Gi1-4f1hbThvTrQ2YwdSM6NfBCdwR7KQwd6NeeaAarrC7cuNdtZ2xl8lKR0rWWdJknHuKMNTxm',
      { ...sampleBinding, tenant: 'Klinik Süd', principal },
      onFirstPage,
    ],
  ])('%s', (_title, text, binding, position) => {
    let now = sealedAt + lifetimeMs - 1;
    const sealer = createCursorSealer({ keys: [key], now: () => now, lifetimeMs });
    expect(sealer.open(text, binding)).toEqual(position);
    now += 1;
    expect(() => sealer.open(text, binding)).toThrow(expect.objectContaining({ code: 'CURSOR_EXPIRED' }));
    // What is sealed now differs only in the nonce and what depends on it.
    const fresh = Buffer.from(sealer.seal(position, binding), 'base64url');
    const first = Buffer.from(text, 'base64url');
    expect([fresh.length, fresh.subarray(0, 7)]).toEqual([first.length, first.subarray(0, 7)]);
  });
});

describe('a cursor', () => {
  const sealer = createCursorSealer({ keys: [key], now: () => sealedAt, lifetimeMs });

  test('holds the longest next token and the longest row at once; a longer row is not sealed', () => {
    const position = (id: string): Position => ({
      page: { ...samplePosition.page, token: 'T'.repeat(8_192) },
      row: { index: 0, id, previous: null, next: null },
    });
    // Tag 16, index and neighbours 12, id: 1,024 bytes.
    const longest = position('x'.repeat(996));
    expect(sealer.open(sealer.seal(longest, sampleBinding), sampleBinding)).toEqual(longest);
    expect(() => sealer.seal(position('x'.repeat(997)), sampleBinding)).toThrow(GatewayError);
  });

  test('needs at least one key, each of 32 bytes', () => {
    const make = (keys: readonly Buffer[]) => () =>
      createCursorSealer({ keys, now: () => sealedAt, lifetimeMs });
    expect(make([])).toThrow(new RangeError('expected at least one cursor key'));
    expect(make([Buffer.alloc(31)])).toThrow(new RangeError('expected a cursor key of 32 bytes'));
    expect(make([Buffer.alloc(33)])).toThrow(new RangeError('expected a cursor key of 32 bytes'));
  });

  test('expires on time with a clock that shows fractions of milliseconds', () => {
    let now = sealedAt + 0.75;
    const clocked = createCursorSealer({ keys: [key], now: () => now, lifetimeMs });
    const text = clocked.seal(samplePosition, sampleBinding);
    now = sealedAt + lifetimeMs - 0.25;
    expect(clocked.open(text, sampleBinding)).toEqual(samplePosition);
    now = sealedAt + lifetimeMs;
    expect(() => clocked.open(text, sampleBinding)).toThrow(
      expect.objectContaining({ code: 'CURSOR_EXPIRED' }),
    );
  });

  test('for the same page of another search is bound to that search', () => {
    const other = { ...sampleBinding, fingerprint: Buffer.alloc(16, 1) };
    sealer.seal(samplePosition, sampleBinding);
    const text = sealer.seal(samplePosition, other);
    expect(sealer.open(text, other)).toEqual(samplePosition);
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
  const page = { ...samplePosition.page, token: 'ünï-token' };
  const payload = { hasRow: true, page, fingerprint: Buffer.alloc(16, 3), expiresAt: 2 ** 48 - 1 };
  const first = { token: null, maxResults: 50, pageSizeOfToken: null, loopCheck: { followed: 0, mark: '' } };

  test('has 37 bytes and those of its token', () => {
    expect(encodePage({ ...payload, page: first }).length).toBe(37);
    expect(encodePage(payload).length).toBe(37 + Buffer.byteLength(page.token));
  });

  test.each([
    payload,
    { ...payload, hasRow: false },
    { ...payload, page: first },
    { ...payload, hasRow: false, page: first },
    { ...payload, page: { ...page, token: '' } },
  ])('keeps all of %j', (each) => {
    expect(decodePage(encodePage(each))).toEqual(each);
  });

  test('opens with its key and associated data only, even when empty', () => {
    const keys = cursorKey(key);
    const bound = Buffer.from('bound');
    for (const plaintext of [Buffer.alloc(0), Buffer.from('page')]) {
      const { sealed, rowKeys: sealedRowKeys } = sealPage(keys, plaintext, bound);
      expect(openPage(keys, sealed, bound)).toEqual({ plaintext, rowKeys: sealedRowKeys });
      expect(openPage(keys, sealed, Buffer.from('other'))).toBeUndefined();
      expect(openPage(cursorKey(Buffer.alloc(32)), sealed, bound)).toBeUndefined();
      expect(openPage(keys, sealed.subarray(0, 27), bound)).toBeUndefined();
    }
  });
});

describe('the row part', () => {
  const nonce = Buffer.alloc(28, 5);
  const keys = rowKeys(key, nonce);

  test.each([0, 1, 63, 64, 65, 128, 1_000])('of %i bytes opens with its keys only', (length) => {
    const plaintext = Buffer.alloc(length, 'row');
    const sealed = sealRow(keys, plaintext);
    expect([sealed.length, openRow(keys, sealed)]).toEqual([length + 16, plaintext]);
    expect(openRow(rowKeys(key, Buffer.alloc(28, 6)), sealed)).toBeUndefined();
    expect(openRow(rowKeys(Buffer.alloc(32, 1), nonce), sealed)).toBeUndefined();
  });

  test('shorter than its tag does not open', () => {
    expect([0, 15].map((length) => openRow(keys, Buffer.alloc(length)))).toEqual([undefined, undefined]);
  });

  test('is encrypted with a key stream that does not repeat', () => {
    const stream = sealRow(keys, Buffer.alloc(192)).subarray(16);
    const blocks = [0, 64, 128].map((start) => stream.toString('hex', start, start + 64));
    expect(new Set(blocks).size).toBe(3);
    // 192 random bytes have about half of all values; hexadecimal text has 16.
    expect(new Set(stream).size).toBeGreaterThan(90);
  });

  test.each([
    { index: 0, id: '', previous: null, next: null },
    { index: 2 ** 32 - 1, id: 'ünï', previous: 1, next: 2 ** 32 - 1 },
  ])('keeps all of %j', (row) => {
    expect(decodeRow(encodeRow(row))).toEqual(row);
  });
});
