/**
 * What a log may say as an error's `name` where that is not the name of its class. An upstream chooses the names of its
 * errors (`__type`, `x-amzn-errortype`), and could choose a patient's: a form, however strict, would let that through.
 */
export const errorNames: ReadonlySet<string> = new Set([
  // Of Node.js, of the SDK and of this gateway, each given to plain Errors.
  ...['AbortError', 'TimeoutError', 'ResponseFault', 'CredentialsProviderError', 'TokenProviderError'],
  // Exceptions of HealthImaging's service model.
  ...['AccessDeniedException', 'ConflictException', 'InternalServerException', 'NotAcceptableException'],
  ...['ResourceNotFoundException', 'ServiceQuotaExceededException', 'ThrottlingException'],
  ...['ValidationException'],
  // Errors common to AWS services: https://docs.aws.amazon.com/general/latest/APIReference/CommonErrors.html, and older.
  ...['AccessDenied', 'NotAuthorized', 'OptInRequired', 'UnauthorizedOperation'],
  ...['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'InvalidToken'],
  ...['UnrecognizedClient', 'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId'],
  ...['InvalidSignatureException', 'SignatureDoesNotMatch', 'AuthFailure'],
  ...['IncompleteSignature', 'IncompleteSignatureException'],
  ...['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ...[
    'RequestTimeTooSkewed',
    'RequestExpired',
    'RequestInTheFuture',
    'RequestTimeout',
    'RequestTimeoutException',
  ],
  ...['Throttling', 'ThrottledException', 'RequestThrottled', 'RequestThrottledException', 'SlowDown'],
  ...['TooManyRequestsException', 'RequestLimitExceeded', 'BandwidthLimitExceeded', 'LimitExceededException'],
  ...['InternalFailure', 'InternalServerError', 'ServiceUnavailable', 'ServiceUnavailableException'],
  ...['ValidationError', 'SerializationException', 'UnknownOperationException'],
]);
