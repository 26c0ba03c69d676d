import { constants } from 'node:zlib';

import { fastifyCompress } from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Below a packet of Ethernet, fewer bytes are no fewer packets. */
const thresholdBytes = 1_400;

/**
 * Gives replies `compress`. It is for answers of the graph only: the explore page is compressed once, by itself. The levels
 * are low ones, since the process has better to do, and sealed cursors, a good part of an answer, do not shrink.
 */
export async function addCompression(server: FastifyInstance): Promise<void> {
  await server.register(fastifyCompress, {
    global: false,
    globalDecompression: false,
    encodings: ['br', 'gzip'],
    threshold: thresholdBytes,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } },
    zlibOptions: { level: 2 },
  });
  server.addHook('onRequest', (_request, reply, done) => {
    // RFC 9110, section 12.5.5: also of the answers that were not compressed.
    void reply.header('vary', 'accept-encoding');
    done();
  });
}
