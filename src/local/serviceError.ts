/** Errors that the service model declares, and those of its protocol, with their HTTP status. */
export const errorStatus = {
  ValidationException: 400,
  SerializationException: 400,
  ServiceQuotaExceededException: 402,
  AccessDeniedException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  MethodNotAllowedException: 405,
  ConflictException: 409,
  RequestEntityTooLargeException: 413,
  ThrottlingException: 429,
  InternalServerException: 500,
} as const;

export type ErrorName = keyof typeof errorStatus;

/** An error response. Its message goes to the client, so it names members and what was expected, never values. */
export class ServiceError extends Error {
  override readonly name: ErrorName;
  /** When it is worth while to ask again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    name: ErrorName,
    message: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.name = name;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
