import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { GatewayError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { refuse } from './refusal.ts';

/** Of a request's body, in bytes. */
export const bodyLimit = 262_144;

/** Of a request's URL and headers, in bytes. A cursor may have 11 KB, and GET carries it in the URL; Node's default is 16 KB. */
export const maxHeaderSize = 32_768;

/** What the server takes on some path or other. */
export const allMethods = ['GET', 'POST', 'OPTIONS'];

/** Fixed texts by HTTP status, without anything of the request. */
const messages: Readonly<Record<number, string>> = {
  403: 'Expected an Origin that CORS_ORIGINS names, or one on this machine.',
  404: 'There is nothing here; the graph is at /graphql.',
  405: 'Expected one of the methods that the Allow header names.',
  408: 'Expected the whole request within the time limit.',
  413: `Expected a body of at most ${bodyLimit} bytes.`,
  415: 'Expected the content type application/json in UTF-8, without a content encoding.',
  417: 'Expected no expectation but 100-continue.',
  421: 'Expected a Host that ALLOWED_HOSTS names, or one on this machine.',
  431: `Expected a URL and headers of at most ${maxHeaderSize} bytes.`,
};

/** @param status of HTTP, 400 to 599 */
export function httpRefusal(status: number, cause?: unknown): GatewayError {
  const code = status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
  const message = messages[status];
  return new GatewayError(code, { cause, ...(message !== undefined && { message }) });
}

/** Gives GraphQL's form to what Fastify refuses, to errors of handlers, and to unknown paths and methods. */
export function addErrorHandlers(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof GatewayError) return refuse(reply, error);
    const status = statusOf(error);
    const refusal = httpRefusal(status);
    if (status >= 500) log.error({ code: refusal.code, err: error, requestId: request.id }, 'internal error');
    return refuse(reply, refusal, status);
  });
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(server, request);
    if (methods.length === 0) return refuse(reply, httpRefusal(404), 404);
    void reply.header('allow', methods.join(', '));
    return request.method === 'OPTIONS' ? reply.code(204).send() : refuse(reply, httpRefusal(405), 405);
  });
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/**
 * RFC 9110, sections 15.5.6 and 9.3.7: responses with 405 and to OPTIONS say which methods are allowed. Before CORS, which
 * answers OPTIONS by itself, and before the body of an unknown method is looked at.
 */
export function addMethodRules(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const isKnown = knownMethods.has(request.method);
    if (isKnown && request.method !== 'OPTIONS') return undefined;
    const methods = methodsOf(server, request);
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    if (isKnown) return undefined;
    const status = methods.length > 0 ? 405 : 404;
    return refuse(reply, httpRefusal(status), status);
  });
}

/** Fastify's `frameworkErrors`: an invalid URL, before any hook. Fastify's own response would quote it. */
export function refuseUrl(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  void refuse(reply, httpRefusal(400), 400);
}

/** Those of the server as a whole for `OPTIONS /` and `OPTIONS *`, as load balancers check. */
function methodsOf(server: FastifyInstance, { method: asked, url: target }: FastifyRequest): string[] {
  const url = target.split('?', 1)[0] ?? '';
  if (asked === 'OPTIONS' && (url === '/' || url === '*')) return allMethods;
  const methods = (['GET', 'POST'] as const).filter((method) => server.hasRoute({ method, url }));
  return methods.length === 0 ? [] : [...methods, 'OPTIONS'];
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
