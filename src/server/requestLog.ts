import type { FastifyInstance } from 'fastify';

import type { Log } from '../log/log.ts';
import { operationSummaryOf } from './operationSummary.ts';

/** What orchestrators and monitors ask every few seconds. */
const routesOfMonitors: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics']);

/** Gives each response the id of its request, and the log a line for each request. */
export function addRequestLog(server: FastifyInstance, log: Log): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { type, name, errorCodes } = operationSummaryOf(request);
    // The route, not the URL: a GET's query holds the operation and its variables.
    const route = request.routeOptions.url ?? (request.url.split('?', 1)[0] === '/' ? '/' : undefined);
    const line = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      ...(type !== undefined && { operationType: type }),
      ...(name !== undefined && { operationName: name }),
      ...(errorCodes.size > 0 && { errorCodes: [...errorCodes] }),
    };
    if (routesOfMonitors.has(route)) log.debug(line, 'answered');
    else log.info(line, 'answered');
    done();
  });
}
