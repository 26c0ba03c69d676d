import { randomUUID } from 'node:crypto';

import { fastify, type FastifyInstance } from 'fastify';

import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { addVary } from './answers/compression.ts';
import { leadToExplorePage } from './explore/leadToExplorePage.ts';
import { addGraphqlRoute, type GraphqlRouteOptions } from './graphqlRoute.ts';
import { addHealthRoutes, type HealthOptions } from './health/healthRoutes.ts';
import { createConnectionRefusals } from './refusals/connectionRefusals.ts';
import { addHostRules } from './refusals/hostRules.ts';
import {
  addErrorHandlers,
  addMethodRules,
  bodyLimit,
  maxHeaderSize,
  refuseUrl,
} from './refusals/httpRefusals.ts';
import { addRequestForm } from './requestForm.ts';
import { addRequestLog } from './requestLog.ts';
import { addSecurityHeaders } from './securityHeaders.ts';

const headersTimeoutMs = 6_000;
const bodyTimeoutMs = 11_000;
const idleTimeoutMs = 30_000;

/** No route has a schema: without this, fastify would load what compiles them, for a tenth of the time that a start takes. */
const noSchemas = () => () => {
  throw new TypeError('Expected routes without schemas.');
};

export interface HttpOptions extends GraphqlRouteOptions, HealthOptions {
  /** Whether requests of the graph need an access token. */
  readonly isAuthenticated: boolean;
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
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // Requests without Host are refused in GraphQL's form, by the rules of hosts.
    http: {
      requireHostHeader: false,
      maxHeaderSize,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: 500,
    },
  });
  connectionRefusals.watch(server.server);
  addErrorHandlers(server, options.log);
  addRequestLog(server, options.log);
  addSecurityHeaders(server);
  addMethodRules(server);
  addHostRules(server, { ...config, isAuthenticated: options.isAuthenticated });
  if (config.compression === 'on') addVary(server);
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
  if (options.explorePage) leadToExplorePage(server);
  addHealthRoutes(server, options);
  addGraphqlRoute(server, config, options);
  return server;
}
