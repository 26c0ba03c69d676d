import { addAbortSignal, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { createNestingCheck } from './nestingCheck.ts';
import { ResponseFault, isJson } from './readMember.ts';

export interface MetadataOptions {
  /** Bound of the document, decompressed, in bytes. */
  readonly maximumBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the body of a GetImageSetMetadata response. HealthImaging sends it gzipped, and the SDK passes it on as it came.
 * The first two bytes decide (RFC 1952 section 2.3.1), not the header: a proxy may have unpacked the body and left that.
 * @throws {ResponseFault} where it is larger than `maximumBytes`, nested too deep, or not a JSON object
 */
export async function readMetadataDocument(
  body: Readable,
  { maximumBytes, signal }: MetadataOptions,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  const checkNesting = createNestingCheck('imageSetMetadataBlob');
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      length += chunk.length;
      checkNesting(chunk);
      if (length > maximumBytes)
        throw new ResponseFault('imageSetMetadataBlob', `at most ${maximumBytes} bytes`);
      chunks.push(chunk);
    }
  };
  addAbortSignal(signal, body);
  try {
    const { gzipped, whole } = await peek(body);
    await (gzipped
      ? pipeline(whole, createGunzip({ chunkSize: 65_536 }), collect)
      : pipeline(whole, collect));
  } finally {
    body.destroy();
  }
  const document: unknown = JSON.parse(Buffer.concat(chunks, length).toString());
  if (!isJson(document)) throw new ResponseFault('imageSetMetadataBlob', 'a JSON object');
  return document;
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
