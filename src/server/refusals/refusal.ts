import type { FastifyReply } from 'fastify';

import type { GatewayError } from '../../errors.ts';
import { errorForm } from '../../graphql/errors/formatError.ts';
import { refusalHead } from '../../graphql/errors/refuse.ts';
import { operationSummaryOf } from '../operationSummary.ts';

/** Every refusal has GraphQL's form, so that a client's one error path handles it. */
export function refusalBody(error: GatewayError, requestId: string) {
  return { errors: [errorForm(error, requestId)] };
}

export const refusalContentType = 'application/json; charset=utf-8';

/** Sends the refusal as the whole response, in place of GraphQL's. */
export function refuse(reply: FastifyReply, error: GatewayError, ownStatus?: number): FastifyReply {
  operationSummaryOf(reply.request).errorCodes.add(error.code);
  const { status, headers } = refusalHead(error, ownStatus);
  return reply
    .code(status)
    .headers(headers)
    .type(refusalContentType)
    .send(refusalBody(error, reply.request.id));
}
