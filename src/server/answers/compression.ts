import { constants } from 'node:zlib';

import { fastifyCompress } from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** About one Ethernet packet: compressing less than that saves none. */
const thresholdBytes = 1_400;

/**
 * Gives replies `compress`, for GraphQL responses; the explore page is compressed once, on its own. The levels are low because
 * sealed cursors, a large part of a response, do not shrink, and the CPU has other work.
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
    // RFC 9110, section 12.5.5: also on responses that are not compressed.
    void reply.header('vary', 'accept-encoding');
    done();
  });
}
