import type { FastifyInstance } from 'fastify';

import type { Metrics } from '../metrics.ts';
import type { Lifecycle } from './lifecycle.ts';

export interface HealthOptions {
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  /** May be some seconds old. */
  readonly isUpstreamReachable: () => Promise<boolean>;
  /** False while audit events must be recorded and cannot be: then no request is answered. */
  readonly isAuditWritable: () => Promise<boolean>;
}

/** What orchestrators and monitors ask: liveness, readiness, and metrics as Prometheus text. */
export function addHealthRoutes(
  server: FastifyInstance,
  { lifecycle, metrics, isUpstreamReachable, isAuditWritable }: HealthOptions,
) {
  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const phase = lifecycle.phase();
    if (phase !== 'ready') return reply.code(503).send({ status: phase });
    if (!(await isAuditWritable())) return reply.code(503).send({ status: 'audit unavailable' });
    if (!(await isUpstreamReachable())) return reply.code(503).send({ status: 'upstream unreachable' });
    return { status: 'ready' };
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
