import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Auditing } from '../audit/auditing.ts';
import { attached } from '../attached.ts';
import type { Config } from '../config/config.ts';
import { GatewayError } from '../errors.ts';
import type { ContextRequest, RequestContext } from '../graphql/context.ts';
import { inOperationSpan } from '../graphql/telemetry/operationSpan.ts';
import type { RequestScope } from '../graphql/telemetry/requestScope.ts';
import { takeBytes } from '../graphql/telemetry/responseBytes.ts';
import { createAdmission } from './admission/admission.ts';
import { compressed } from './answers/compression.ts';
import { cutWhenStalled } from './answers/stalledReaders.ts';
import type { Authentication } from './authentication.ts';
import { contentOf } from './answers/content.ts';
import { createExplorePage } from './explore/explorePage.ts';
import { asksForHtml } from './explore/leadToExplorePage.ts';
import type { Lifecycle } from './health/lifecycle.ts';
import type { Metrics } from './metrics.ts';
import { operationSummaryOf } from './operationSummary.ts';
import { createRefusalAudit } from './refusals/refusalAudit.ts';
import { requestLifetime, type RequestLifetime } from './requestLifetime.ts';

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly authentication: Authentication;
  readonly createContext: (request: ContextRequest, lifetime: RequestLifetime) => RequestContext;
  /** Undefined: no audit events are recorded. */
  readonly auditing: Auditing | undefined;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  /** Whether a browser that asks for HTML gets the explore page. */
  readonly explorePage: boolean;
}

/** /graphql: the graph, and the explore page. */
export function addGraphqlRoute(
  server: FastifyInstance,
  { requestDeadlineMs, compression }: Config['http'],
  options: GraphqlRouteOptions,
): void {
  const { authentication, createContext, lifecycle } = options;
  const respond = fastifyApolloHandler(options.apollo, {
    context(request, reply) {
      const principal = authentication.principalOf(request);
      const lifetime = requestLifetime(reply.raw, requestDeadlineMs, admitted.get(request));
      const { id: requestId, ip: address } = request;
      return Promise.resolve(createContext({ requestId, principal, address }, lifetime));
    },
  });
  const admission = createAdmission(lifecycle);
  const admitted = attached<FastifyRequest, AbortSignal>();
  const auditRefusal = createRefusalAudit(options);
  const explorePage = options.explorePage ? createExplorePage(Date.now) : undefined;
  const isForPage = (request: FastifyRequest) => request.method !== 'POST' && asksForHtml(request);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read: nothing is parsed or kept of a request that is refused.
    async onRequest(request, reply) {
      if (explorePage !== undefined && isForPage(request)) return;
      try {
        await authentication.check(request, reply);
      } catch (error) {
        await auditRefusal(request, error);
        throw error;
      }
      // The client may have disconnected during the key fetch; without `close` its slot would never be freed.
      if (reply.raw.closed) throw new GatewayError('REQUEST_CANCELLED');
      admission.admitBody(request, reply, authentication.principalOf(request));
    },
    async handler(request, reply) {
      if (explorePage !== undefined && isForPage(request)) return explorePage(request, reply);
      const principal = authentication.principalOf(request);
      admitted.set(request, admission.admitWork(request, principal));
      await admission.awaitTurn(request, reply, principal);
      const { id: requestId } = request;
      const [traceparent] = request.raw.headersDistinct['traceparent'] ?? [];
      const scope: RequestScope = { requestId, operation: operationSummaryOf(request) };
      const body = await inOperationSpan(scope, traceparent, async () =>
        respond.call(server, request, reply),
      );
      admission.endWork(request);
      cutWhenStalled(reply.raw);
      if (typeof body !== 'string') return body;
      const content = await contentOf(takeBytes(body, scope) ?? body);
      const sent = compression === 'off' ? content : compressed(request, reply, content);
      if (sent.length !== undefined) void reply.header('content-length', sent.length);
      return sent.body;
    },
  });
}
