import { Readable } from 'node:stream';
import { setImmediate as others } from 'node:timers/promises';

/** What is sent in one piece: text in characters, bytes in bytes. */
const longestPiece = 1_048_576;
/** Bytes that a connection is given at a time, of what is longer: it can be seen whether a slow reader takes some. */
const sliceBytes = 65_536;

/** What is sent as a response's body. */
export interface Content {
  readonly body: string | Buffer | Readable;
  /** In bytes, of a stream. */
  readonly length?: number;
}

/** @param body text, or bytes in pieces */
export async function contentOf(body: string | readonly Uint8Array[]): Promise<Content> {
  if (typeof body === 'string') return isLong(body) ? streamed(await encode(body)) : { body };
  return lengthOf(body) > longestPiece ? streamed(body) : { body: Buffer.concat(body) };
}

export function isLong(text: string): boolean {
  return text.length > longestPiece;
}

/**
 * A long text as bytes, made with turns for other requests between. Node would encode it in one piece, and slowly, as it is
 * written to the socket.
 */
export async function encode(text: string): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let from = 0;
  while (from < text.length) {
    const to = endOfPiece(text, from);
    pieces.push(Buffer.from(text.slice(from, to)));
    from = to;
    await others();
  }
  return pieces;
}

/** Two units of UTF-16 that are one character stay together. */
function endOfPiece(text: string, from: number): number {
  const to = from + longestPiece;
  const last = text.charCodeAt(to - 1);
  return last >= 0xd800 && last <= 0xdbff ? to + 1 : to;
}

function streamed(pieces: readonly Uint8Array[]): Content {
  return { body: Readable.from(takeSlices([...pieces]), { objectMode: false }), length: lengthOf(pieces) };
}

/** Forgets each piece once it is sent: whoever still holds the stream holds no bytes. */
function* takeSlices(pieces: Uint8Array[]) {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    for (let from = 0; from < piece.length; from += sliceBytes) yield piece.subarray(from, from + sliceBytes);
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
