import { attached } from '../../attached.ts';
import { GatewayError } from '../../errors.ts';
import { decodeCursor, encodeCursor } from './cursorText.ts';
import { keyOfFormatOne, openFormatOne } from './formatOne.ts';
import {
  decodePage,
  decodeRow,
  encodePage,
  encodeRow,
  longestPagePayload,
  longestToken,
  type PagePayload,
  type RowPayload,
} from './payload.ts';
import type { PagePosition, Position, RowPlace, RowPosition } from './position.ts';
import { cursorKey, keyIdLength, open, seal, sealEach, tagLength, type CursorKey } from './seal.ts';

/** Whom a cursor is for. For anyone else it does not open. */
export interface CursorScope {
  readonly datastoreId: string;
  readonly tenant: string;
  readonly principal: string;
}

export interface CursorBinding extends CursorScope {
  /** 16 bytes that stand for what is listed, and in which order (see fingerprint.ts). */
  readonly fingerprint: Buffer;
}

export interface CursorSealer {
  /**
   * base64url text that reveals nothing of the position but the lengths of its parts. The same position and binding give the
   * same text, whoever seals it and when: clients tell rows and pages apart by their cursors.
   */
  readonly seal: (position: Position, binding: CursorBinding) => string;
  /** The same for many rows, such as a page's. */
  readonly sealEach: (places: readonly RowPlace[], binding: CursorBinding) => readonly string[];
  /**
   * The inverse of `seal`, for the same binding, as long as its key is in use. Throws CURSOR_FILTER_MISMATCH where only the
   * fingerprint differs, INVALID_CURSOR for any other text, CURSOR_EXPIRED for a cursor of format 1 that is over a day old.
   */
  readonly open: (text: string, binding: CursorBinding) => Position;
}

export interface CursorSealerOptions {
  /** 32 bytes each: the first seals, all open. */
  readonly keys: readonly Buffer[];
  /** Milliseconds since the epoch, for cursors of format 1. */
  readonly now: () => number;
}

// A cursor's bytes: version 1 | key id 4 | length of the page part 2, 0 without one | page part | row part
const formatVersion = 2;
const pageLengthStart = 1 + keyIdLength;
const headerLength = pageLengthStart + 2;
const longestRowPart = 1024;
const longestCursor = headerLength + longestPagePayload + tagLength + longestRowPart;

const noPart = Buffer.alloc(0);

/** Throws RangeError without keys, and for a key of another length than 32 bytes. */
export function createCursorSealer({ keys, now }: CursorSealerOptions): CursorSealer {
  const ring = keys.map(cursorKey);
  const ringOfFormatOne = keys.map(keyOfFormatOne);
  const [sealingKey] = ring;
  if (sealingKey === undefined) throw new RangeError('expected at least one cursor key');
  const sealPage = pageSealer(sealingKey);
  const startOfRows = rowStarter(sealingKey.id);

  const openFormatTwo = (bytes: Buffer, binding: CursorBinding): Opened | undefined => {
    const parts = split(bytes);
    for (const key of ring) {
      if (parts === undefined || !key.id.equals(parts.keyId)) continue;
      const opened = openParts(key, parts, binding);
      if (opened !== undefined) return opened;
    }
    return undefined;
  };

  const sealRows = (places: readonly RowPlace[], binding: CursorBinding): string[] => {
    const pageParts = places.map(({ page }) => (page === null ? noPart : sealPage(page, true, binding)));
    const partOf = (index: number) => pageParts[index] ?? noPart;
    const texts = places.map(({ row }, index) => ({
      plaintext: payloadOf(row, binding),
      ...startOfRows(binding, partOf(index)),
    }));
    return sealEach(sealingKey.rows, texts).map((bytes) => encodeCursor(bytes));
  };

  return {
    sealEach: sealRows,
    seal(position, binding) {
      if (position.row === null)
        return encodeCursor(headOf(sealingKey.id, sealPage(position.page, false, binding)));
      const [cursor = ''] = sealRows([position], binding);
      return cursor;
    },
    open(text, binding) {
      const bytes = decodeCursor(text, longestCursor);
      const old =
        bytes && openFormatOne(ringOfFormatOne, bytes, (version, keyId) => boundTo(version, keyId, binding));
      const opened = old ?? (bytes && openFormatTwo(bytes, binding));
      if (opened === undefined) throw new GatewayError('INVALID_CURSOR');
      if (old !== undefined && old.expiresAt <= now()) throw new GatewayError('CURSOR_EXPIRED');
      if (!opened.fingerprint.equals(binding.fingerprint)) throw new GatewayError('CURSOR_FILTER_MISMATCH');
      return opened.position;
    },
  };
}

interface Opened {
  readonly position: Position;
  readonly fingerprint: Buffer;
}

interface CursorParts {
  readonly keyId: Buffer;
  readonly page: Buffer;
  readonly row: Buffer;
}

/** The cursors of one page that name it share its part: it is sealed once, with the first of them. */
function pageSealer(key: CursorKey): (page: PagePosition, hasRow: boolean, binding: CursorBinding) => Buffer {
  const sealedPages = attached<
    PagePosition,
    { readonly binding: CursorBinding; readonly part: Buffer; readonly hasRow: boolean }
  >();
  return (page, hasRow, binding) => {
    const known = sealedPages.get(page);
    if (known?.binding === binding && known.hasRow === hasRow) return known.part;
    if (page.token !== null && Buffer.byteLength(page.token) > longestToken) {
      throw new GatewayError('UPSTREAM_PROTOCOL_ERROR');
    }
    const payload = encodePage({ hasRow, page, fingerprint: binding.fingerprint });
    const part = seal(key.pages, payload, boundTo(formatVersion, key.id, binding));
    sealedPages.set(page, { binding, part, hasRow });
    return part;
  };
}

function openParts(
  key: CursorKey,
  { keyId, page, row }: CursorParts,
  binding: CursorBinding,
): Opened | undefined {
  const opened = page.length === 0 ? undefined : openPage(key, page, binding);
  if (page.length > 0 && opened === undefined) return undefined;
  if (opened?.hasRow === false) {
    return row.length === 0 ? { ...opened, position: { row: null, page: opened.page } } : undefined;
  }
  const plaintext = open(key.rows, row, rowStarter(keyId)(binding, page).bound);
  const found: RowPayload | undefined = plaintext && decodeRow(plaintext);
  return found && { ...found, position: { row: found.row, page: opened?.page ?? null } };
}

function openPage(key: CursorKey, sealed: Buffer, binding: CursorBinding): PagePayload | undefined {
  const plaintext = open(key.pages, sealed, boundTo(formatVersion, key.id, binding));
  return plaintext && decodePage(plaintext);
}

function payloadOf(row: RowPosition, { fingerprint }: CursorBinding): Buffer {
  const payload = encodeRow({ row, fingerprint });
  if (tagLength + payload.length > longestRowPart) throw new GatewayError('UPSTREAM_PROTOCOL_ERROR');
  return payload;
}

interface StartOfRow {
  /** What a cursor begins with, before its row part. */
  readonly head: Buffer;
  /** What a row part is bound to: the binding, and the tag of the page part before it or that there is none. */
  readonly bound: Buffer;
}

/** A page has a cursor for each row, so what they share is made once. */
function rowStarter(keyId: Buffer): (binding: CursorBinding, pagePart: Buffer) => StartOfRow {
  let last:
    { readonly binding: CursorBinding; readonly page: Buffer; readonly start: StartOfRow } | undefined;
  return (binding, page) => {
    if (last?.binding === binding && last.page === page) return last.start;
    const bound = Buffer.concat([
      boundTo(formatVersion, keyId, binding),
      withLength(page.subarray(0, tagLength)),
    ]);
    const start = { head: headOf(keyId, page), bound };
    last = { binding, page, start };
    return start;
  };
}

function headOf(keyId: Buffer, page: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(headerLength + page.length);
  bytes.writeUInt8(formatVersion, 0);
  keyId.copy(bytes, 1);
  bytes.writeUInt16BE(page.length, pageLengthStart);
  page.copy(bytes, headerLength);
  return bytes;
}

function split(bytes: Buffer): CursorParts | undefined {
  if (bytes.length < headerLength || bytes.readUInt8(0) !== formatVersion) return undefined;
  const rowStart = headerLength + bytes.readUInt16BE(pageLengthStart);
  if (rowStart > bytes.length) return undefined;
  return {
    keyId: bytes.subarray(1, pageLengthStart),
    page: bytes.subarray(headerLength, rowStart),
    row: bytes.subarray(rowStart),
  };
}

/**
 * What a part is bound to. Each text is preceded by its length, and UTF-16 keeps lone surrogates, so no two bindings give
 * the same bytes, and none the beginning of another's.
 */
function boundTo(version: number, keyId: Buffer, { datastoreId, tenant, principal }: CursorScope): Buffer {
  const fields = [datastoreId, tenant, principal].map((text) => withLength(Buffer.from(text, 'utf16le')));
  return Buffer.concat([Buffer.of(version), keyId, ...fields]);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
