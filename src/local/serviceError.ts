/** Error shapes of the service that the local server gives, and those of its protocol, with their HTTP status. */
export const errorStatus = {
  ValidationException: 400,
  SerializationException: 400,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  MethodNotAllowedException: 405,
  RequestEntityTooLargeException: 413,
  InternalServerException: 500,
} as const;

export type ErrorName = keyof typeof errorStatus;

/** An answer other than success. Its message goes to the client: it names members and expectations, never values. */
export class ServiceError extends Error {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
