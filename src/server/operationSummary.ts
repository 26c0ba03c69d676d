import type { FastifyRequest } from 'fastify';

import { attached } from '../attached.ts';
import type { OperationSummary } from '../graphql/telemetry/requestScope.ts';

const summaries = attached<FastifyRequest, OperationSummary>();

/** What telemetry may say of a request's operation, or of its refusal: complete once the response is sent. */
export function operationSummaryOf(request: FastifyRequest): OperationSummary {
  const known = summaries.get(request) ?? { type: undefined, name: undefined, errorCodes: new Set() };
  summaries.set(request, known);
  return known;
}
