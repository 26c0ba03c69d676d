import type { FastifyInstance } from 'fastify';

import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  /** Whether HealthImaging answers; may be some seconds old. */
  readonly upstreamAnswers: () => Promise<boolean>;
  /** Whether audit events that must be written can be; without that nothing is answered. */
  readonly auditIsWritable: () => Promise<boolean>;
}

/** What an orchestrator and a monitor ask. */
export function addHealthRoutes(
  server: FastifyInstance,
  { lifecycle, metrics, upstreamAnswers, auditIsWritable }: HealthOptions,
) {
  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const phase = lifecycle.phase();
    if (phase !== 'ready') return reply.code(503).send({ status: phase });
    if (!(await auditIsWritable())) return reply.code(503).send({ status: 'audit unavailable' });
    const answers = await upstreamAnswers();
    return answers ? { status: 'ready' } : reply.code(503).send({ status: 'upstream unreachable' });
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
