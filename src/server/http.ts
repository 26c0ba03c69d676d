import { randomUUID } from 'node:crypto';

import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';

import { GatewayError } from '../errors.ts';
import type { Auditing } from '../audit/auditing.ts';
import type { ContextRequest, RequestContext } from '../graphql/context.ts';
import { inOperationSpan } from '../graphql/telemetry/operationSpan.ts';
import { requestScope } from '../graphql/telemetry/requestScope.ts';
import type { Log } from '../log/log.ts';
import type { Authentication } from './authentication.ts';
import { addCompression } from './compression.ts';
import { createConnectionFaults } from './refusals/connectionFaults.ts';
import { createExplorePage } from './explore/explorePage.ts';
import { addHealthRoutes } from './health.ts';
import { errorCodesOf } from './refusals/errorCodes.ts';
import { addErrorForms, bodyLimit, refuseUrl } from './refusals/httpFaults.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';
import { createRefusalAudit } from './refusals/refusalAudit.ts';
import { addRequestForm } from './requestForm.ts';
import { requestLifetime, type RequestLifetime } from './requestLifetime.ts';
import { addSecurityHeaders } from './securityHeaders.ts';

/** A cursor may be 11 KB, and GET carries it in the URL; Node's own default is 16 KB. */
const maxHeaderSize = 32_768;
const headersTimeoutMs = 6_000;
const bodyTimeoutMs = 11_000;
const idleTimeoutMs = 30_000;

export interface HttpOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly authentication: Authentication;
  readonly createContext: (request: ContextRequest, lifetime: RequestLifetime) => RequestContext;
  /** Undefined: nothing is recorded for audit. */
  readonly auditing: Auditing | undefined;
  /** Whether events that must be written can be. */
  readonly auditIsWritable: () => Promise<boolean>;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly upstreamAnswers: () => Promise<boolean>;
  readonly requestDeadlineMs: number;
  readonly corsOrigins: readonly string[];
  /** Whose X-Forwarded-For is believed: addresses, or ranges in CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly compression: boolean;
  readonly explorePage: boolean;
}

/** The process edge: GraphQL over HTTP, the explore page, health and metrics. Not listening yet. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const connectionFaults = createConnectionFaults(options.log);
  const server = fastify({
    bodyLimit,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    // Not while a request may still be worked on; a client that takes nothing of its answer is cut off.
    connectionTimeout: options.requestDeadlineMs + idleTimeoutMs,
    clientErrorHandler: (error, socket) => connectionFaults.handle(error, socket),
    frameworkErrors: (_error, request, reply) => refuseUrl(request, reply),
    requestTimeout: bodyTimeoutMs,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    http: { maxHeaderSize, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 500 },
  });
  connectionFaults.watch(server.server);
  addErrorForms(server, options.log);
  addRequestLog(server, options.log);
  await addSecurityHeaders(server);
  if (options.compression) await addCompression(server);
  if (options.corsOrigins.length > 0) {
    const { fastifyCors } = await import('@fastify/cors');
    await server.register(fastifyCors, {
      origin: [...options.corsOrigins],
      exposedHeaders: ['x-request-id', 'retry-after', 'www-authenticate'],
      maxAge: 600,
      // What is no preflight is told the methods, in our form.
      strictPreflight: false,
    });
  }
  addRequestForm(server);
  addHealthRoutes(server, options);
  addGraphql(server, options);
  return server;
}

function addGraphql(server: FastifyInstance, options: HttpOptions): void {
  const { lifecycle, requestDeadlineMs, createContext, authentication } = options;
  const answer = fastifyApolloHandler(options.apollo, {
    context(request, reply) {
      const lifetime = requestLifetime(reply.raw, requestDeadlineMs);
      const principal = authentication.principalOf(request);
      const { id: requestId, ip: address } = request;
      return Promise.resolve(createContext({ requestId, principal, address }, lifetime));
    },
  });
  const isRecorded = createRefusalAudit();
  /** A refused token is an audit event, written before its answer as all others; of a flood only the beginning. */
  async function auditRefusal(
    { id: requestId, ip: address }: FastifyRequest,
    error: unknown,
  ): Promise<never> {
    const isRefusal = error instanceof GatewayError && error.code === 'UNAUTHENTICATED';
    if (isRefusal && options.auditing !== undefined && !isRecorded(address)) {
      options.metrics.countUnrecordedRefusal();
    } else if (isRefusal) {
      const { code } = error;
      const outcome = { kind: 'denied', code } as const;
      await options.auditing?.write({ requestId, address, principal: undefined }, [
        { kind: 'refusal', outcome },
      ]);
    }
    throw error;
  }
  const explorePage = options.explorePage ? createExplorePage(Date.now) : undefined;
  const isForPage = (request: FastifyRequest) => request.method !== 'POST' && asksForHtml(request);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: who may not ask, or finds no place, has nothing of theirs parsed or kept.
    async onRequest(request, reply) {
      if (explorePage !== undefined && isForPage(request)) return;
      await authentication.check(request, reply).catch((error: unknown) => auditRefusal(request, error));
      // Whoever left while the issuer's keys were waited for: nothing would tell when to give the place back.
      if (reply.raw.closed) throw new GatewayError('REQUEST_CANCELLED');
      const leave = lifecycle.enter();
      if (typeof leave === 'string') throw new GatewayError(leave);
      reply.raw.once('close', leave);
    },
    async handler(request, reply) {
      if (explorePage !== undefined && isForPage(request)) return explorePage(request, reply);
      const { id: requestId } = request;
      const [traceparent] = request.raw.headersDistinct['traceparent'] ?? [];
      const operation = { type: undefined, name: undefined, errorCodes: errorCodesOf(request) };
      const body = await inOperationSpan({ requestId, operation, traceparent }, () =>
        requestScope.run({ requestId, operation }, async () => answer.call(server, request, reply)),
      );
      if (!options.compression || typeof body !== 'string') return body;
      reply.compress(body);
      return reply;
    },
  });
}

/** A browser's address bar asks for HTML, also when it holds an operation to open the page with; clients do not. */
function asksForHtml({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
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
