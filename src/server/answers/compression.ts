import { pipeline, Readable, type Transform } from 'node:stream';
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

import type { Content } from './content.ts';

/** About one Ethernet packet: compressing less than that saves none. */
const thresholdBytes = 1_400;
/** What is compressed in one go takes about a millisecond, a fifth of what a stream takes; longer ones let others have turns. */
const longestInOneGo = 131_072;

interface Coding {
  readonly whole: (body: Buffer) => Buffer;
  readonly stream: () => Transform;
}

// The levels are low because sealed cursors, a large part of a response, do not shrink, and the CPU has other work. The window is
// small because it is made anew for each response.
const brotliOptions = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_LGWIN]: 16 },
};
const gzipOptions = { level: 2 };

/** The first is taken where a client likes them alike. */
const codings: Readonly<Record<string, Coding>> = {
  br: {
    whole: (body) => brotliCompressSync(body, brotliOptions),
    stream: () => createBrotliCompress(brotliOptions),
  },
  gzip: { whole: (body) => gzipSync(body, gzipOptions), stream: () => createGzip(gzipOptions) },
};
const names = Object.keys(codings);

/** Says on every response that it depends on what the client takes (RFC 9110, section 12.5.5). */
export function addVary(server: FastifyInstance): void {
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.header('vary', 'accept-encoding');
    done();
  });
}

/**
 * A response's body as the client has it compressed, with the headers that say so; as it is where that is what it prefers, or
 * nothing would be saved. The explore page is compressed once, on its own.
 */
export function compressed(request: FastifyRequest, reply: FastifyReply, content: Content): Content {
  const { body, length = Buffer.byteLength(body as string | Buffer) } = content;
  const name = length < thresholdBytes ? undefined : codingOf(request.headers['accept-encoding']);
  const coding = name === undefined ? undefined : codings[name];
  if (name === undefined || coding === undefined) return content;
  void reply.header('content-encoding', name);
  if (body instanceof Readable || length > longestInOneGo) {
    const source = body instanceof Readable ? body : Readable.from([body], { objectMode: false });
    // A client that leaves ends both.
    return { body: pipeline(source, coding.stream(), () => undefined) };
  }
  return { body: coding.whole(typeof body === 'string' ? Buffer.from(body) : body) };
}

/** As negotiator takes it; its types do not say so. */
interface Preferring {
  encoding(
    available: readonly string[],
    options: { readonly preferred: readonly string[] },
  ): string | undefined;
}

/** The coding that a client prefers (RFC 9110, section 12.5.3); undefined where it takes none, or would rather have it plain. */
function codingOf(accepted: string | undefined): string | undefined {
  if (accepted === undefined) return undefined;
  const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': accepted } });
  const preferred = negotiator.encoding([...names, 'identity'], { preferred: names });
  return preferred === 'identity' ? undefined : preferred;
}
