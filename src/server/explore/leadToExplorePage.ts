import type { FastifyInstance, FastifyRequest } from 'fastify';

import { prefersHtml } from '../../graphql/errors/answerType.ts';

/** As a browser's address bar does; API clients do not. */
export function asksForHtml({ headers }: FastifyRequest): boolean {
  return prefersHtml(headers.accept);
}

/** Leads a browser from / to the explore page. To everybody else there is nothing at /. */
export function leadToExplorePage(server: FastifyInstance): void {
  // A hook and not a route: with a route other methods would be refused as not allowed, rather than not found.
  server.addHook('onRequest', async (request, reply) => {
    const [path] = request.url.split('?', 1);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (path !== '/' || !isRead || !asksForHtml(request)) return undefined;
    return reply.header('vary', 'accept').redirect('/graphql');
  });
}
