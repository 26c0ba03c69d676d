import { IncomingMessage } from 'node:http';
import { addAbortSignal, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { ResponseFault } from '../responses/readMember.ts';
import type { MetadataPlace } from './metadataRoom.ts';
import { createNestingCheck } from './nestingCheck.ts';
import { parseApart } from './parseApart.ts';
import type { MetadataDocument } from './parseDocument.ts';

/** What a value takes in memory at least, in bytes: an empty list is two bytes of text. */
const bytesOfValue = 16;

export interface MetadataOptions {
  /** Bound of the document, decompressed, in bytes, where there is no `place`. */
  readonly maximumBytes: number;
  /** The document's room. It is held when this resolves, and has been freed when it rejects. */
  readonly place?: MetadataPlace | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads the body of a GetImageSetMetadata response. HealthImaging sends it gzipped, and the SDK passes it on as it came.
 * The first two bytes decide (RFC 1952 section 2.3.1), not the header: a proxy may have unpacked the body and left that.
 * @throws {ResponseFault} where it is larger than `maximumBytes`, nested too deep, or not a JSON object
 * @throws {GatewayError} UPSTREAM_RESPONSE_TOO_LARGE where there is no room for it
 */
export async function readMetadataDocument(
  body: Readable,
  { maximumBytes, place = boundedPlace(maximumBytes), signal }: MetadataOptions,
): Promise<MetadataDocument> {
  addAbortSignal(signal, body);
  // It may fail while nobody reads it; the reader is told when it does.
  body.on('error', ignore);
  try {
    await withoutTimeout(body, () => place.begin(signal));
    const bytes = await readWhole(body, async (bytes) => {
      const taken = place.take(bytes, signal);
      await withoutTimeout(body, () => taken);
    });
    const document = await parseApart(bytes);
    place.end();
    return document;
  } catch (error) {
    place.free();
    throw error;
  } finally {
    body.destroy();
  }
}

/** Not made in the call: the connection keeps the body's listeners, and would keep the document with them. */
const ignore = () => undefined;

async function readWhole(
  body: Readable,
  take: (bytes: number) => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  const checkNesting = createNestingCheck('imageSetMetadataBlob');
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      await take(Math.max(chunk.length, bytesOfValue * checkNesting(chunk)));
      chunks.push(chunk);
    }
  };
  const { gzipped, whole } = await peek(body);
  await (gzipped ? pipeline(whole, createGunzip({ chunkSize: 65_536 }), collect) : pipeline(whole, collect));
  return joined(chunks);
}

/** Bytes that share their memory with nothing, so that they can be given to a thread. */
function joined(chunks: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** For calls that hold one document only. */
function boundedPlace(maximumBytes: number): MetadataPlace {
  let held = 0;
  return {
    begin: () => Promise.resolve(),
    take(bytes) {
      held += bytes;
      return held <= maximumBytes
        ? Promise.resolve()
        : Promise.reject(new ResponseFault('imageSetMetadataBlob', `at most ${maximumBytes} bytes`));
    },
    end: () => undefined,
    free: () => undefined,
  };
}

/** While we do not read, that nothing comes is not the other side's fault. */
async function withoutTimeout(body: Readable, wait: () => Promise<void>): Promise<void> {
  const socket = body instanceof IncomingMessage ? body.socket : undefined;
  const timeout = socket?.timeout ?? 0;
  socket?.setTimeout(0);
  try {
    await wait();
  } finally {
    socket?.setTimeout(timeout);
  }
}

interface Peeked {
  readonly gzipped: boolean;
  readonly whole: AsyncIterable<Buffer>;
}

async function peek(body: AsyncIterable<Buffer>): Promise<Peeked> {
  const iterator = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* whole() {
    yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { gzipped: head[0] === 0x1f && head[1] === 0x8b, whole: whole() };
}
