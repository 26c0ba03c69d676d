import { Readable } from 'node:stream';
import { setImmediate as others } from 'node:timers/promises';

/** Characters that are encoded at a time. */
const sliceLength = 1_048_576;

/**
 * A long text as bytes, made with turns for other requests between. Node would encode it in one piece, and slowly, as it is
 * written to the socket.
 */
export async function encode(text: string): Promise<Uint8Array[]> {
  const slices: Buffer[] = [];
  let from = 0;
  while (from < text.length) {
    const to = endOfSlice(text, from);
    slices.push(Buffer.from(text.slice(from, to)));
    from = to;
    await others();
  }
  return inSlices(slices);
}

/** Bytes that a connection is given at a time: it can be seen whether a slow reader takes some. */
const sliceBytes = 65_536;

/** The same bytes in pieces that are short. */
export function inSlices(pieces: readonly Uint8Array[]): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += sliceBytes)
      slices.push(piece.subarray(from, from + sliceBytes));
  }
  return slices;
}

/** Takes each slice out of the list as it is sent: whoever still holds the stream holds no bytes. */
export function streamOf(slices: Uint8Array[]): Readable {
  return Readable.from(takeEach(slices), { objectMode: false });
}

function* takeEach(slices: Uint8Array[]) {
  slices.reverse();
  for (let next = slices.pop(); next !== undefined; next = slices.pop()) yield next;
}

/** Whether to `encode` a text. */
export function isLong(text: string): boolean {
  return text.length > sliceLength;
}

/** Two units of UTF-16 that are one character stay together. */
function endOfSlice(text: string, from: number): number {
  const to = from + sliceLength;
  const last = text.charCodeAt(to - 1);
  return last >= 0xd800 && last <= 0xdbff ? to + 1 : to;
}
