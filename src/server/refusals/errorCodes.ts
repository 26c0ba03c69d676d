import type { FastifyRequest } from 'fastify';

import type { ErrorCode } from '../../errors.ts';

const codes = new WeakMap<FastifyRequest, Set<ErrorCode>>();

/** The codes of the errors in a request's response, be it a refusal or GraphQL's: complete once the response is sent. */
export function errorCodesOf(request: FastifyRequest): Set<ErrorCode> {
  const known = codes.get(request) ?? new Set();
  codes.set(request, known);
  return known;
}
