import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';

import { compressed } from '../../../src/server/answers/compression.ts';
import type { Content } from '../../../src/server/answers/content.ts';

const text = (length: number) => 'Ä{"id":1}'.repeat(Math.ceil(length / 9)).slice(0, length);
const decompress: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

let server: FastifyInstance;
let content: Content = { body: '' };

beforeAll(() => {
  server = fastify();
  server.get('/', (request, reply) => {
    const { body, length } = compressed(request, reply, content);
    return reply.header('x-length', String(length)).type('application/json').send(body);
  });
});
afterAll(() => server.close());

async function answer(accepts?: string) {
  const { headers, rawPayload } = await server.inject({
    url: '/',
    ...(accepts !== undefined && { headers: { 'accept-encoding': accepts } }),
  });
  const encoding = headers['content-encoding'];
  const plain = decompress[String(encoding)]?.(rawPayload) ?? rawPayload;
  return { encoding, text: plain.toString(), length: rawPayload.length };
}

test.each<[string | undefined, string | undefined]>([
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['BR', 'br'],
  ['*', 'br'],
  ['*, br;q=0', 'gzip'],
  ['gzip;q=0.5, identity', undefined],
  ['deflate', undefined],
  ['br;q=0, gzip;q=0', undefined],
  ['identity;q=0, *;q=0', undefined],
  ['', undefined],
  [undefined, undefined],
])('who takes %s gets %s', async (accepts, encoding) => {
  content = { body: text(5_000) };
  const { encoding: own, text: received } = await answer(accepts);
  expect([own, received]).toEqual([encoding, text(5_000)]);
});

describe.each(['br', 'gzip'])('in %s', (encoding) => {
  test.each<[string, () => Content]>([
    ['text', () => ({ body: text(60_000) })],
    ['bytes', () => ({ body: Buffer.from(text(60_000)) })],
    ['a long text', () => ({ body: text(400_000) })],
    ['long bytes', () => ({ body: Buffer.from(text(400_000)) })],
    [
      'a stream',
      () => {
        const bytes = Buffer.from(text(400_000));
        return { body: Readable.from([bytes], { objectMode: false }), length: bytes.length };
      },
    ],
  ])('%s is the same when it is decompressed', async (_what, made) => {
    content = made();
    const expected = text(content.body instanceof Readable ? 400_000 : content.body.toString().length);
    const received = await answer(encoding);
    expect([received.encoding, received.text]).toEqual([encoding, expected]);
    expect(received.length).toBeLessThan(expected.length / 10);
  });

  test('nothing is compressed that fits into a packet', async () => {
    content = { body: text(1_000) };
    expect((await answer(encoding)).encoding).toBeUndefined();
  });
});
