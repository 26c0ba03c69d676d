import { randomUUID } from 'node:crypto';

import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import type { Principal } from '../auth/principal.ts';
import { errorEntry, GatewayError, type ErrorCode } from '../errors.ts';
import type { RequestContext } from '../graphql/context.ts';
import { requestScope } from '../graphql/requestScope.ts';
import type { Log } from '../log.ts';
import type { Authentication } from './authentication.ts';
import { createExplorePage } from './explorePage.ts';
import { addHealthRoutes } from './health.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';
import { requestLifetime, type RequestLifetime } from './requestLifetime.ts';

const bodyLimit = 262_144;
/** A cursor may be 11 KB, and GET carries it in the URL; Node's own default is 16 KB. */
const maxHeaderSize = 32_768;
const headersTimeoutMs = 6_000;
const bodyTimeoutMs = 11_000;
const retryAfterSeconds = '1';

export interface HttpOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly authentication: Authentication;
  readonly createContext: (
    requestId: string,
    lifetime: RequestLifetime,
    principal: Principal,
  ) => RequestContext;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly upstreamAnswers: () => Promise<boolean>;
  readonly requestDeadlineMs: number;
  readonly corsOrigins: readonly string[];
  readonly explorePage: boolean;
}

/** The process edge: GraphQL over HTTP, the explore page, health and metrics. Not listening yet. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit,
    requestTimeout: bodyTimeoutMs,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    http: { maxHeaderSize, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 500 },
  });
  addErrorForms(server, options.log);
  addRequestLog(server, options.log);
  if (options.corsOrigins.length > 0) {
    const { fastifyCors } = await import('@fastify/cors');
    await server.register(fastifyCors, {
      origin: [...options.corsOrigins],
      exposedHeaders: ['x-request-id', 'retry-after', 'www-authenticate'],
      maxAge: 600,
    });
  }
  addHealthRoutes(server, options);
  addGraphql(server, options);
  return server;
}

function addGraphql(server: FastifyInstance, options: HttpOptions): void {
  const { lifecycle, requestDeadlineMs, createContext, authentication, log } = options;
  const answer = fastifyApolloHandler(options.apollo, {
    context(request, reply) {
      const lifetime = requestLifetime(reply.raw, requestDeadlineMs);
      return Promise.resolve(createContext(request.id, lifetime, authentication.principalOf(request)));
    },
  });
  const explorePage = options.explorePage ? createExplorePage(Date.now) : undefined;
  const isForPage = (request: FastifyRequest) => request.method !== 'POST' && asksForHtml(request);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: who may not ask has nothing of theirs parsed or kept.
    async onRequest(request, reply) {
      if (explorePage === undefined || !isForPage(request)) await authentication.check(request, reply);
    },
    handler(request, reply) {
      if (explorePage !== undefined && isForPage(request)) return explorePage(request, reply);
      const leave = lifecycle.enter();
      if (leave === undefined) return refuse(reply, new GatewayError('SHUTTING_DOWN'));
      reply.raw.once('close', leave);
      const scope = { requestId: request.id, log };
      return requestScope.run(scope, () => answer.call(server, request, reply));
    },
  });
}

/** A browser's address bar asks for HTML, also when it holds an operation to open the page with; clients do not. */
function asksForHtml({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}

/** Every refusal has GraphQL's form, so that a client's one error path handles it. */
function refuse(reply: FastifyReply, error: GatewayError, status = errorEntry(error.code).status ?? 500) {
  if (status === 503) void reply.header('retry-after', retryAfterSeconds);
  const { message, code, retryable } = error;
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code, retryable, requestId: reply.request.id } }] });
}

const httpFaults: Readonly<Record<number, string>> = {
  408: 'Expected the whole request within the time limit.',
  413: `Expected a body of at most ${bodyLimit} bytes.`,
  415: 'Expected the content type application/json in UTF-8.',
};

function addErrorForms(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof GatewayError) return refuse(reply, error);
    const status = statusOf(error);
    const code: ErrorCode = status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
    if (status >= 500) log.error({ err: error, requestId: request.id }, 'a fault of the gateway');
    const message = httpFaults[status];
    return refuse(reply, new GatewayError(code, message === undefined ? {} : { message }), status);
  });
  server.setNotFoundHandler((_request, reply) =>
    refuse(
      reply,
      new GatewayError('BAD_REQUEST', { message: 'There is nothing here; the graph is at /graphql.' }),
      404,
    ),
  );
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
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
