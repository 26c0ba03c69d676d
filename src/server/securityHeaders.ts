import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Headers of every answer. Answers are data, for programs: should a browser show one as a page, it runs nothing, loads
 * nothing and stands in no frame. The explore page brings a policy of its own.
 */
export async function addSecurityHeaders(server: FastifyInstance): Promise<void> {
  await server.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    // RFC 6797, section 7.2: not over plain HTTP, and whoever ends TLS in front of this knows for which hosts.
    strictTransportSecurity: false,
  });
  server.addHook('onRequest', (_request, reply, done) => {
    // Patients' data are for who asked, and for no cache on the way.
    void reply.header('cache-control', 'no-store');
    done();
  });
}
