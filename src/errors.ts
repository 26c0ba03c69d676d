/** What clients are told of an error, by its code. docs/errors.md has the same table. */
interface ErrorEntry {
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** HTTP status where the code refuses a request as a whole; an error of a single field leaves the status at 200. */
  readonly status?: number;
  /** What was expected and what to do. Never a value of the request or of HealthImaging's response. */
  readonly message: string;
}

export const errorTable = {
  UPSTREAM_THROTTLED: {
    retryable: true,
    message: 'HealthImaging accepts no more calls at the moment. Try again after retryAfterMs.',
  },
  UPSTREAM_UNAVAILABLE: { retryable: true, message: 'HealthImaging is unavailable. Try again.' },
  UPSTREAM_TIMEOUT: { retryable: true, message: 'HealthImaging did not respond in time. Try again.' },
  UPSTREAM_PROTOCOL_ERROR: {
    retryable: true,
    message: "HealthImaging's response does not match its service model. Try again.",
  },
  UPSTREAM_RESPONSE_TOO_LARGE: {
    retryable: false,
    message:
      'The metadata document is larger than one request may hold with the others. Ask for fewer documents at once.',
  },
  UPSTREAM_ACCESS_DENIED: {
    retryable: false,
    message: "HealthImaging denies the gateway access. The gateway's operator needs to grant the permission.",
  },
  UPSTREAM_AUTH_FAILED: {
    retryable: true,
    message:
      "The gateway's AWS credentials are missing, expired or rejected. Its operator needs to renew them.",
  },
  UPSTREAM_CONFLICT: {
    retryable: true,
    message: 'HealthImaging is changing the object that was requested. Try again.',
  },
  BAD_USER_INPUT: {
    retryable: false,
    status: 400,
    message: 'A value in the request cannot be used. Expected values as the schema describes them.',
  },
  INVALID_CURSOR: {
    retryable: false,
    message: 'Expected a cursor that this graph gave you for this data store. Start again without a cursor.',
  },
  CURSOR_EXPIRED: {
    retryable: false,
    message: 'What follows this cursor cannot be found any more. Start again without a cursor.',
  },
  CURSOR_FILTER_MISMATCH: {
    retryable: false,
    message: 'The cursor belongs to another filter or sort. Use it with the search that returned it.',
  },
  NOT_FOUND: { retryable: false, message: 'The object does not exist, or you have no access to it.' },
  GRAPHQL_PARSE_FAILED: {
    retryable: false,
    status: 400,
    message: 'The document has a GraphQL syntax error.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    retryable: false,
    status: 400,
    message: 'The document does not match the schema.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    retryable: false,
    status: 400,
    message: "Expected operationName to be the name of one of the document's operations.",
  },
  PERSISTED_QUERY_NOT_FOUND: { retryable: true, message: 'PersistedQueryNotFound' },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    retryable: false,
    status: 400,
    message: 'PersistedQueryNotSupported',
  },
  OPERATION_LIMIT_EXCEEDED: {
    retryable: false,
    status: 400,
    message: 'The operation exceeds the limits of this graph. Ask for less in one operation.',
  },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    retryable: false,
    status: 400,
    message: 'The operation costs more than this graph allows. Ask for fewer rows, or for less of each.',
  },
  QUERY_NOT_IN_SAFELIST: {
    retryable: false,
    status: 400,
    message: 'Expected one of the operations that are registered with this graph.',
  },
  UNAUTHENTICATED: {
    retryable: false,
    status: 401,
    message: 'Expected a valid access token in the Authorization header, after the word Bearer.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    retryable: true,
    status: 503,
    message:
      'Access tokens cannot be verified at the moment: the keys of their issuer are unavailable. Try again later.',
  },
  FORBIDDEN: {
    retryable: false,
    status: 403,
    message: 'The access token does not grant this. Expected a scope such as user/ImagingStudy.rs.',
  },
  RATE_LIMITED: {
    retryable: true,
    status: 429,
    message: 'You have used up the cost that is allowed per minute. Try again after retryAfterMs.',
  },
  AUDIT_UNAVAILABLE: {
    retryable: true,
    status: 503,
    message:
      'What you read must be recorded for audit, which is not possible at the moment. Try again later.',
  },
  BAD_REQUEST: {
    retryable: false,
    status: 400,
    message: 'Expected a GraphQL request over HTTP: JSON with `query`, and a JSON content type.',
  },
  OVERLOADED: {
    retryable: true,
    status: 503,
    message: 'Too many requests are in progress. Try again later.',
  },
  SHUTTING_DOWN: {
    retryable: true,
    status: 503,
    message: 'This server is shutting down. Try again: another one may answer.',
  },
  REQUEST_CANCELLED: {
    retryable: true,
    message: 'The request was cancelled before its response was complete.',
  },
  INTERNAL_SERVER_ERROR: {
    retryable: false,
    status: 500,
    message: 'An internal error of the gateway. Its log has the cause under the requestId.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export interface GatewayErrorOptions extends ErrorOptions {
  /** How long to wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Instead of the table's: a retry does not end a loop of next tokens, for instance. */
  readonly retryable?: boolean;
  /** Instead of the table's. Fixed text and names of the schema only. */
  readonly message?: string;
  /** Instead of a message that names parts of the schema, where the schema is hidden from clients. */
  readonly messageWithoutNames?: string;
}

/** The one error that layers throw for clients to be told of. `cause` is for the log, never for clients. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly messageWithoutNames: string | undefined;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    const entry: ErrorEntry = errorTable[code];
    super(options.message ?? entry.message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'GatewayError';
    this.code = code;
    this.retryable = options.retryable ?? entry.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.messageWithoutNames = options.messageWithoutNames;
  }
}

/**
 * An input value of the right type that cannot be used.
 * @param field where it stands, in names of the schema: `filter.createdAt.between`
 * @param expected what was expected there, never the value itself
 * @param withoutNames the same without names of the schema, needed where `expected` lists some
 */
export function badUserInput(field: string, expected: string, withoutNames?: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    message: `${field}: expected ${expected}.`,
    ...(withoutNames !== undefined && { messageWithoutNames: `${field}: expected ${withoutNames}.` }),
  });
}

export function errorEntry(code: ErrorCode): ErrorEntry {
  return errorTable[code];
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

/**
 * Whether a value is an Error, of whatever realm. Errors made by Node.js' own modules belong to its main realm; code that runs
 * in another one, as under Jest, has an `Error` of its own, and `instanceof` is false.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** The code of a failed system call, such as `ENOENT`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
