import { randomUUID } from 'node:crypto';

import { fastify, type FastifyInstance } from 'fastify';

import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { addCompression } from './compression.ts';
import { addGraphqlRoute, type GraphqlRouteOptions } from './graphqlRoute.ts';
import { addHealthRoutes, type HealthOptions } from './health/healthRoutes.ts';
import { createConnectionRefusals } from './refusals/connectionRefusals.ts';
import { addErrorHandlers, bodyLimit, maxHeaderSize, refuseUrl } from './refusals/httpRefusals.ts';
import { addRequestForm } from './requestForm.ts';
import { addSecurityHeaders } from './securityHeaders.ts';

const headersTimeoutMs = 6_000;
const bodyTimeoutMs = 11_000;
const idleTimeoutMs = 30_000;

export interface HttpOptions extends GraphqlRouteOptions, HealthOptions {
  readonly log: Log;
}

/** GraphQL over HTTP, the explore page, health and metrics. Not listening yet. */
export async function createHttpServer(
  config: Config['http'],
  options: HttpOptions,
): Promise<FastifyInstance> {
  const { trustedProxies, requestDeadlineMs, corsOrigins } = config;
  const connectionRefusals = createConnectionRefusals(options.log);
  const server = fastify({
    bodyLimit,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    // No shorter than a request may take; a client that stops reading its response is disconnected.
    connectionTimeout: requestDeadlineMs + idleTimeoutMs,
    clientErrorHandler: (error, socket) => connectionRefusals.handle(error, socket),
    frameworkErrors: (_error, request, reply) => refuseUrl(request, reply),
    requestTimeout: bodyTimeoutMs,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    http: { maxHeaderSize, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 500 },
  });
  connectionRefusals.watch(server.server);
  addErrorHandlers(server, options.log);
  addRequestLog(server, options.log);
  await addSecurityHeaders(server);
  if (config.compression === 'on') await addCompression(server);
  if (corsOrigins.length > 0) {
    const { fastifyCors } = await import('@fastify/cors');
    await server.register(fastifyCors, {
      origin: [...corsOrigins],
      exposedHeaders: ['x-request-id', 'retry-after', 'www-authenticate'],
      maxAge: 600,
      // An OPTIONS request that is no preflight is answered by the routes, with the methods that are allowed.
      strictPreflight: false,
    });
  }
  addRequestForm(server);
  addHealthRoutes(server, options);
  addGraphqlRoute(server, config, options);
  return server;
}

function addRequestLog(server: FastifyInstance, log: Log): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The route, not the URL: a GET's query holds the operation and its variables.
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    };
    if (request.routeOptions.url === '/graphql') log.info(line, 'answered');
    else log.debug(line, 'answered');
    done();
  });
}
