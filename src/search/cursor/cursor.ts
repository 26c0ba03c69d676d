import { GatewayError } from '../../errors.ts';
import {
  decodePage,
  decodeRow,
  encodePage,
  encodeRow,
  longestPagePayload,
  longestToken,
  type PagePayload,
} from './payload.ts';
import { decodeCursor, encodeCursor } from './cursorText.ts';
import { cursorKey, keyIdLength, openPage, pageSealLength, sealPage, type SealedPage } from './pageSeal.ts';
import type { PagePosition, Position } from './position.ts';
import { openRow, sealRow, type RowKeys } from './rowSeal.ts';

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
  /** base64url text that reveals nothing of the position but the lengths of its next token and its row's id. */
  readonly seal: (position: Position, binding: CursorBinding) => string;
  /**
   * The inverse of `seal`, for the same binding. Throws CURSOR_EXPIRED after the cursor's lifetime, CURSOR_FILTER_MISMATCH
   * where only the fingerprint differs, INVALID_CURSOR for any other text.
   */
  readonly open: (text: string, binding: CursorBinding) => Position;
}

export interface CursorSealerOptions {
  /** 32 bytes each: the first seals, all open. */
  readonly keys: readonly Buffer[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly lifetimeMs: number;
}

// A cursor's bytes: version 1 | length of the row part 2, 0 without a row | key id 4 | page part | row part
const formatVersion = 1;
const keyIdStart = 3;
const headerLength = keyIdStart + keyIdLength;
const longestRowPart = 1024;
const longestCursor = headerLength + longestPagePayload + pageSealLength + longestRowPart;

/** Throws RangeError without keys, and for a key of another length than 32 bytes. */
export function createCursorSealer({ keys, now, lifetimeMs }: CursorSealerOptions): CursorSealer {
  const ring = keys.map(cursorKey);
  const [sealingKey] = ring;
  if (sealingKey === undefined) throw new RangeError('expected at least one cursor key');
  const sealedPages = new WeakMap<PagePosition, SealedPage & { readonly binding: CursorBinding }>();

  const sealPart = (page: PagePosition, hasRow: boolean, binding: CursorBinding): SealedPage => {
    if (page.token !== null && Buffer.byteLength(page.token) > longestToken) {
      throw new GatewayError('UPSTREAM_PROTOCOL_ERROR');
    }
    const expiresAt = Math.trunc(now() + lifetimeMs);
    const payload = encodePage({ hasRow, page, fingerprint: binding.fingerprint, expiresAt });
    return sealPage(sealingKey, payload, boundTo(sealingKey.id, binding));
  };

  /** The cursors of one page differ in their row part only: the page part is sealed once, with the first of them. */
  const sealPartOfRows = (page: PagePosition, binding: CursorBinding): SealedPage => {
    const known = sealedPages.get(page);
    if (known?.binding === binding) return known;
    const part = { ...sealPart(page, true, binding), binding };
    sealedPages.set(page, part);
    return part;
  };

  const openPart = (keyId: Buffer, sealed: Buffer, binding: CursorBinding): OpenedPage | undefined => {
    for (const key of ring.filter(({ id }) => id.equals(keyId))) {
      const opened = openPage(key, sealed, boundTo(keyId, binding));
      if (opened) return { ...decodePage(opened.plaintext), rowKeys: opened.rowKeys };
    }
    return undefined;
  };

  return {
    seal({ page, row }, binding) {
      if (row === null) return join(sealingKey.id, sealPart(page, false, binding).sealed, noRow);
      const { sealed, rowKeys } = sealPartOfRows(page, binding);
      return join(sealingKey.id, sealed, sealRow(rowKeys, encodeRow(row)));
    },
    open(text, binding) {
      const parts = split(text);
      const opened = parts && openPart(parts.keyId, parts.page, binding);
      const position = opened && positionOf(opened, parts.row);
      if (opened === undefined || position === undefined) throw new GatewayError('INVALID_CURSOR');
      if (opened.expiresAt <= now()) throw new GatewayError('CURSOR_EXPIRED');
      if (!opened.fingerprint.equals(binding.fingerprint)) throw new GatewayError('CURSOR_FILTER_MISMATCH');
      return position;
    },
  };
}

interface OpenedPage extends PagePayload {
  readonly rowKeys: RowKeys;
}

interface CursorParts {
  readonly keyId: Buffer;
  readonly page: Buffer;
  readonly row: Buffer;
}

const noRow = Buffer.alloc(0);

function join(keyId: Buffer, page: Buffer, row: Buffer): string {
  if (row.length > longestRowPart) throw new GatewayError('UPSTREAM_PROTOCOL_ERROR');
  const header = Buffer.alloc(keyIdStart);
  header.writeUInt8(formatVersion, 0);
  header.writeUInt16BE(row.length, 1);
  return encodeCursor(Buffer.concat([header, keyId, page, row]));
}

function split(text: string): CursorParts | undefined {
  const bytes = decodeCursor(text, longestCursor);
  if (bytes === undefined || bytes.length < headerLength || bytes.readUInt8(0) !== formatVersion) {
    return undefined;
  }
  const rowStart = bytes.length - bytes.readUInt16BE(1);
  if (rowStart < headerLength) return undefined;
  return {
    keyId: bytes.subarray(keyIdStart, headerLength),
    page: bytes.subarray(headerLength, rowStart),
    row: bytes.subarray(rowStart),
  };
}

function positionOf({ page, hasRow, rowKeys }: OpenedPage, sealedRow: Buffer): Position | undefined {
  if (!hasRow) return sealedRow.length === 0 ? { page, row: null } : undefined;
  const row = openRow(rowKeys, sealedRow);
  return row && { page, row: decodeRow(row) };
}

/**
 * Associated data. Each text is preceded by its length, and UTF-16 keeps lone surrogates, so no two bindings give the same
 * bytes.
 */
function boundTo(keyId: Buffer, { datastoreId, tenant, principal }: CursorScope): Buffer {
  const texts = [datastoreId, tenant, principal].flatMap((text) => {
    const bytes = Buffer.from(text, 'utf16le');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat([Buffer.of(formatVersion), keyId, ...texts]);
}
