import type { ErrorCode } from '../../errors.ts';

/** A refusal of the request itself: without a token it is the input that is wrong, with one it is the token. */
export const refusedRequest = 'REFUSED_REQUEST';

export type Failure = ErrorCode | typeof refusedRequest;

function each(failure: Failure, ...names: readonly string[]): [string, Failure][] {
  return names.map((name) => [name, failure]);
}

/** By the name that the service or the SDK gives: the model's exceptions, AWS's common errors, the SDK's own. */
export const failureOfName: ReadonlyMap<string, Failure> = new Map([
  ...each(refusedRequest, 'ValidationException', 'ValidationError', 'SerializationException'),
  ...each('NOT_FOUND', 'ResourceNotFoundException'),
  ...each('UPSTREAM_CONFLICT', 'ConflictException'),
  ...each(
    'UPSTREAM_THROTTLED',
    'ThrottlingException',
    'Throttling',
    'ThrottledException',
    'RequestThrottled',
    'RequestThrottledException',
    'TooManyRequestsException',
    'RequestLimitExceeded',
    'BandwidthLimitExceeded',
    'LimitExceededException',
    'SlowDown',
  ),
  ...each(
    'UPSTREAM_AUTH_FAILED',
    'CredentialsProviderError',
    'TokenProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'TokenRefreshRequired',
    'UnrecognizedClientException',
    'UnrecognizedClient',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'InvalidClientTokenId',
    'InvalidAccessKeyId',
    'InvalidToken',
    'IncompleteSignature',
    'IncompleteSignatureException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'AuthFailure',
    'RequestTimeTooSkewed',
    'RequestExpired',
    'RequestInTheFuture',
  ),
  ...each(
    'UPSTREAM_ACCESS_DENIED',
    'AccessDeniedException',
    'AccessDenied',
    'NotAuthorized',
    'OptInRequired',
    'UnauthorizedOperation',
  ),
  ...each(
    'UPSTREAM_UNAVAILABLE',
    'InternalServerException',
    'InternalFailure',
    'InternalServerError',
    'ServiceUnavailable',
    'ServiceUnavailableException',
  ),
  ...each('UPSTREAM_TIMEOUT', 'TimeoutError', 'RequestTimeout', 'RequestTimeoutException'),
  ...each(
    'UPSTREAM_PROTOCOL_ERROR',
    'ResponseFault',
    'ServiceQuotaExceededException',
    'NotAcceptableException',
    'UnknownOperationException',
  ),
]);

/** By the code of a system or Node.js error: the connection broke, or what came over it was not HTTP. */
export const failureOfSystemCode: ReadonlyMap<string, Failure> = new Map([
  ...each('UPSTREAM_TIMEOUT', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'),
  ...each(
    'UPSTREAM_UNAVAILABLE',
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
    'EAI_NODATA',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENFILE',
    'ENOBUFS',
    'EPROTO',
    'ERR_SOCKET_CLOSED',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ),
  ...each(
    'UPSTREAM_PROTOCOL_ERROR',
    'Z_DATA_ERROR',
    'Z_BUF_ERROR',
    'Z_NEED_DICT',
    'ERR_STRING_TOO_LONG',
    'ERR_INVALID_CHAR',
  ),
]);

/** Statuses whose meaning does not depend on who says it, the service or a proxy before it. */
const failureOfStatus: ReadonlyMap<number, Failure> = new Map([
  [401, 'UPSTREAM_AUTH_FAILED'],
  [403, 'UPSTREAM_ACCESS_DENIED'],
  [407, 'UPSTREAM_ACCESS_DENIED'],
  [408, 'UPSTREAM_TIMEOUT'],
  [429, 'UPSTREAM_THROTTLED'],
]);

/** Statuses that are about the request: believed only of an answer in the protocol's own form. */
const failureOfServiceStatus: ReadonlyMap<number, Failure> = new Map([
  [400, refusedRequest],
  [404, 'NOT_FOUND'],
  [409, 'UPSTREAM_CONFLICT'],
]);

/** By the status alone: what has no known name, or no JSON in it. Redirects are never followed. */
export function failureOf(status: number, parsed: boolean): Failure {
  if (status >= 500) return 'UPSTREAM_UNAVAILABLE';
  const ofService = parsed ? failureOfServiceStatus.get(status) : undefined;
  return failureOfStatus.get(status) ?? ofService ?? 'UPSTREAM_PROTOCOL_ERROR';
}
