import type { FastifyInstance } from 'fastify';

/**
 * Headers of every response, those of helmet: should a browser show one as a page, it runs nothing, loads nothing and cannot be
 * framed; the explore page sets a policy of its own. No strict-transport-security: not over plain HTTP (RFC 6797, section
 * 7.2), and the proxy that terminates TLS knows for which hosts to set it.
 */
const headers = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  // Patients' data must not stay in a cache on the way.
  'cache-control': 'no-store',
};

export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}
