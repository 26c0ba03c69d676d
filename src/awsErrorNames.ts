import type { ErrorCode } from './errors.ts';

/** A refusal of the request itself: the input is wrong, or, in a call with a next token, the token is. */
export const refusedRequest = 'REFUSED_REQUEST';

export type Failure = ErrorCode | typeof refusedRequest;

/**
 * The names of errors that AWS and its SDK give, by what a call that ends so has failed for: HealthImaging's service
 * model, the errors common to AWS services
 * (https://docs.aws.amazon.com/general/latest/APIReference/CommonErrors.html, and older forms of them), and the SDK's
 * own. `healthimaging/sdk/` tells failures apart by this table, and the log names no others.
 */
export const awsErrorNames = {
  [refusedRequest]: ['ValidationException', 'ValidationError', 'SerializationException'],
  NOT_FOUND: ['ResourceNotFoundException'],
  UPSTREAM_CONFLICT: ['ConflictException'],
  UPSTREAM_THROTTLED: [
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
  ],
  UPSTREAM_AUTH_FAILED: [
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
  ],
  UPSTREAM_ACCESS_DENIED: [
    'AccessDeniedException',
    'AccessDenied',
    'NotAuthorized',
    'OptInRequired',
    'UnauthorizedOperation',
  ],
  UPSTREAM_UNAVAILABLE: [
    'InternalServerException',
    'InternalFailure',
    'InternalServerError',
    'ServiceUnavailable',
    'ServiceUnavailableException',
  ],
  UPSTREAM_TIMEOUT: ['TimeoutError', 'RequestTimeout', 'RequestTimeoutException'],
  UPSTREAM_PROTOCOL_ERROR: [
    'ServiceQuotaExceededException',
    'NotAcceptableException',
    'UnknownOperationException',
  ],
} as const satisfies Partial<Record<Failure, readonly string[]>>;
