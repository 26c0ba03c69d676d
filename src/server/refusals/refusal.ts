import type { FastifyReply } from 'fastify';

import { errorEntry, type GatewayError } from '../../errors.ts';
import { errorForm } from '../../graphql/errors/formatError.ts';
import { errorCodesOf } from './errorCodes.ts';

const retryAfterSeconds = '1';

/** Every refusal has GraphQL's form, so that a client's one error path handles it. */
export function refusalBody(error: GatewayError, requestId: string) {
  return { errors: [errorForm(error, requestId)] };
}

export const refusalContentType = 'application/json; charset=utf-8';

/** Answers without GraphQL having been asked. */
export function refuse(
  reply: FastifyReply,
  error: GatewayError,
  status = errorEntry(error.code).status ?? 500,
): FastifyReply {
  errorCodesOf(reply.request).add(error.code);
  if (status === 503) void reply.header('retry-after', retryAfterSeconds);
  return reply.code(status).type(refusalContentType).send(refusalBody(error, reply.request.id));
}
