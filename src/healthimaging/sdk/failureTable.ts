import { awsErrorNames, refusedRequest, type Failure } from '../../awsErrorNames.ts';

/** By the name of the error that the service or the SDK gives. */
export const failureOfName = failureOfEach(awsErrorNames);

/** By the code of a system or Node.js error: the connection broke, or what came over it was not HTTP. */
export const failureOfSystemCode: ReadonlyMap<string, Failure> = failureOfEach({
  UPSTREAM_TIMEOUT: ['ETIMEDOUT', 'ESOCKETTIMEDOUT'],
  UPSTREAM_UNAVAILABLE: [
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
  ],
  UPSTREAM_PROTOCOL_ERROR: [
    'Z_DATA_ERROR',
    'Z_BUF_ERROR',
    'Z_NEED_DICT',
    'ERR_STRING_TOO_LONG',
    'ERR_INVALID_CHAR',
  ],
});

/** Statuses whose meaning does not depend on who says it, the service or a proxy before it. */
const failureOfStatus: ReadonlyMap<number, Failure> = new Map([
  [401, 'UPSTREAM_AUTH_FAILED'],
  [403, 'UPSTREAM_ACCESS_DENIED'],
  [407, 'UPSTREAM_ACCESS_DENIED'],
  [408, 'UPSTREAM_TIMEOUT'],
  [429, 'UPSTREAM_THROTTLED'],
]);

/** Statuses that are about the request: believed only of a response in the protocol's own form. */
const failureOfServiceStatus: ReadonlyMap<number, Failure> = new Map([
  [400, refusedRequest],
  [404, 'NOT_FOUND'],
  [409, 'UPSTREAM_CONFLICT'],
]);

/**
 * By the status alone, where the error has no known name. Redirects are never followed.
 * @param parsed whether the response's body was JSON
 */
export function failureOf(status: number, parsed: boolean): Failure {
  if (status >= 500) return 'UPSTREAM_UNAVAILABLE';
  const ofService = parsed ? failureOfServiceStatus.get(status) : undefined;
  return failureOfStatus.get(status) ?? ofService ?? 'UPSTREAM_PROTOCOL_ERROR';
}

function failureOfEach(
  table: Readonly<Partial<Record<Failure, readonly string[]>>>,
): ReadonlyMap<string, Failure> {
  const entries = Object.entries(table) as [Failure, readonly string[]][];
  return new Map(entries.flatMap(([failure, names]) => names.map((name) => [name, failure])));
}
