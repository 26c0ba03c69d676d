import { GraphQLError } from 'graphql';

import { GatewayError, isErrorCode, type ErrorCode } from '../../errors.ts';
import { valueOffset } from './inputExpectation.ts';
import { tokenLimitMessage } from './requestMessages.ts';

/** What was thrown, without the GraphQLErrors that graphql-js and Apollo Server wrapped around it. */
export function thrownIn(error: unknown): unknown {
  let thrown = error;
  while (thrown instanceof GraphQLError && thrown.originalError !== undefined) thrown = thrown.originalError;
  return thrown;
}

/**
 * The code of anything that is thrown while an operation is answered. Only errors made by this gateway, graphql-js and
 * Apollo Server have another code than INTERNAL_SERVER_ERROR: whatever else was thrown is a bug of ours, wherever it surfaced.
 */
export function errorCodeOf(error: unknown): ErrorCode {
  const thrown = thrownIn(error);
  if (thrown instanceof GatewayError) return thrown.code;
  if (!(error instanceof GraphQLError)) return 'INTERNAL_SERVER_ERROR';
  const { code } = error.extensions;
  if (code === 'GRAPHQL_PARSE_FAILED') {
    return tokenLimitMessage(error.message) === undefined ? code : 'OPERATION_LIMIT_EXCEEDED';
  }
  // graphql-js reports whatever a scalar throws as the client's wrong input.
  if (!(thrown instanceof GraphQLError)) return 'INTERNAL_SERVER_ERROR';
  if (isErrorCode(code)) return code;
  if (isArgumentError(error)) return 'BAD_USER_INPUT';
  return hasClientErrorStatus(error) ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
}

/** graphql-js gives no code to an argument that is found wrong in execution only, because its variable is null. */
function isArgumentError(error: GraphQLError): boolean {
  return valueOffset(error, 'BAD_USER_INPUT') !== undefined;
}

/** Apollo Server gives some refusals of a malformed request an HTTP status and no code. */
function hasClientErrorStatus({ extensions }: GraphQLError): boolean {
  const http: unknown = extensions.http;
  const status = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}
