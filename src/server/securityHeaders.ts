import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Headers of every response. Should a browser show one as a page, it runs nothing, loads nothing and cannot be framed; the
 * explore page sets a policy of its own.
 */
export async function addSecurityHeaders(server: FastifyInstance): Promise<void> {
  await server.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    // RFC 6797, section 7.2: not over plain HTTP. The proxy that terminates TLS knows for which hosts to set it.
    strictTransportSecurity: false,
  });
  server.addHook('onRequest', (_request, reply, done) => {
    // Patients' data must not stay in a cache on the way.
    void reply.header('cache-control', 'no-store');
    done();
  });
}
