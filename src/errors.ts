/** What a client is told of each kind of failure. The table of docs/errors.md is this table. */
interface ErrorEntry {
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** HTTP status of a refusal that comes before execution; field errors leave the status alone. */
  readonly status?: number;
  /** What was expected and what to do. Never a value of the request or of an answer. */
  readonly message: string;
}

export const errorTable = {
  UPSTREAM_THROTTLED: {
    retryable: true,
    message: 'HealthImaging takes no more calls at the moment. Try again after retryAfterMs.',
  },
  UPSTREAM_UNAVAILABLE: { retryable: true, message: 'HealthImaging could not be reached. Try again.' },
  UPSTREAM_TIMEOUT: { retryable: true, message: 'HealthImaging did not answer in time. Try again.' },
  UPSTREAM_PROTOCOL_ERROR: {
    retryable: true,
    message: "HealthImaging's answer was not of the form that its service model describes.",
  },
  UPSTREAM_ACCESS_DENIED: {
    retryable: false,
    message: 'HealthImaging denies this to the gateway. Its operator needs to grant the permission.',
  },
  UPSTREAM_AUTH_FAILED: {
    retryable: true,
    message: "The gateway's AWS credentials are missing, expired or not accepted.",
  },
  UPSTREAM_CONFLICT: {
    retryable: true,
    message: 'HealthImaging is changing what was asked for. Try again.',
  },
  BAD_USER_INPUT: {
    retryable: false,
    status: 400,
    message: 'The request has a value that cannot be used. Expected: what the schema describes.',
  },
  INVALID_CURSOR: {
    retryable: false,
    message:
      'Expected a cursor that this graph handed out to you for this data store. Start again without it.',
  },
  CURSOR_EXPIRED: { retryable: false, message: 'The cursor has expired. Start again without it.' },
  CURSOR_FILTER_MISMATCH: {
    retryable: false,
    message: 'The cursor belongs to another filter or sort. Use it with the search that it came from.',
  },
  NOT_FOUND: { retryable: false, message: 'There is no such object, or it is not for you.' },
  GRAPHQL_PARSE_FAILED: { retryable: false, status: 400, message: 'The document is not valid GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: {
    retryable: false,
    status: 400,
    message: 'The document does not fit the schema.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    retryable: false,
    status: 400,
    message: 'Expected the name of one of the operations in the document.',
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
    message: 'The operation is larger than the limits of this graph allow.',
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
    message: 'Expected a valid bearer token in the Authorization header.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    retryable: true,
    status: 503,
    message:
      'Bearer tokens cannot be checked at the moment: keys of their issuer are missing. Try again later.',
  },
  FORBIDDEN: {
    retryable: false,
    status: 403,
    message: 'The bearer token does not grant this. Expected a scope such as user/ImagingStudy.rs.',
  },
  RATE_LIMITED: {
    retryable: true,
    status: 429,
    message: 'You have spent the cost that one principal may spend. Try again after retryAfterMs.',
  },
  AUDIT_UNAVAILABLE: {
    retryable: true,
    status: 503,
    message: 'What is read here must be recorded, and cannot be at the moment. Try again later.',
  },
  BAD_REQUEST: {
    retryable: false,
    status: 400,
    message: 'Expected a GraphQL request over HTTP: JSON with `query`, and a JSON content type.',
  },
  OVERLOADED: { retryable: true, status: 503, message: 'Too many requests are waiting. Try again later.' },
  SHUTTING_DOWN: { retryable: true, status: 503, message: 'This server is going down. Ask another one.' },
  REQUEST_CANCELLED: { retryable: true, message: 'The request was given up before it was answered.' },
  INTERNAL_SERVER_ERROR: {
    retryable: false,
    status: 500,
    message: 'A fault of the gateway. Its log tells more under the requestId.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export interface GatewayErrorOptions extends ErrorOptions {
  /** How long to wait before trying again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Overrides the code's own answer, for instance for a repeated token, which no retry mends. */
  readonly retryable?: boolean;
  /** Instead of the catalogue's message; fixed text and names of the schema only. */
  readonly message?: string;
  /** Instead of that message where the schema is not shown: it names what the client may not have sent. */
  readonly messageWithoutNames?: string;
}

/** The one error that layers throw. What caused it stays in `cause`, for the log's allow-list, never for clients. */
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
 * Input that is well-typed but cannot be used.
 * @param field where, in names of the schema: `filter.createdAt.between`
 * @param expected what was expected there; never the value that came instead
 * @param withoutNames the same in no names of the schema but those of `field`; needed where `expected` lists names
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
 * `ENOENT` or another code of a failed system call; undefined for other errors. Not by class: within Jest, errors that
 * Node's own modules throw are of another realm than the code that is tested, and `instanceof Error` is false for them.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
