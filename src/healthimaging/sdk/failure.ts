import { refusedRequest, type Failure } from '../../awsErrorNames.ts';
import { GatewayError, type ErrorCode } from '../../errors.ts';
import { abortError } from '../abort.ts';
import { ResponseFault } from '../responses/readMember.ts';
import { failureOf, failureOfName, failureOfSystemCode } from './failureTable.ts';
import { retryAfterOf } from './retryAfter.ts';

export interface FailureContext {
  /** Whether the call had a next token: a refused request then means that the walk cannot go on. */
  readonly withToken: boolean;
  readonly signal: AbortSignal;
}

/** What clients are told to wait where HealthImaging throttles without saying how long, in milliseconds. */
const defaultThrottleMs = 1000;

/**
 * What a failed call of the SDK means. The SDK's error stays in `cause`. It may hold the whole response, so its message
 * must not reach clients or logs.
 */
export function toGatewayError(error: unknown, { withToken, signal }: FailureContext): GatewayError {
  if (error instanceof GatewayError) return error;
  if (signal.aborted) return abortError(signal);
  const code = codeOf(diagnose(error), withToken);
  const retryAfterMs = retryAfterOf(error) ?? (code === 'UPSTREAM_THROTTLED' ? defaultThrottleMs : undefined);
  return new GatewayError(code, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

function codeOf(failure: Failure, withToken: boolean): ErrorCode {
  if (failure !== refusedRequest) return failure;
  return withToken ? 'CURSOR_EXPIRED' : 'BAD_USER_INPUT';
}

/** The SDK's errors are told apart by their members, not their classes: they are of several packages and versions. */
function diagnose(error: unknown): Failure {
  if (error instanceof ResponseFault) return 'UPSTREAM_PROTOCOL_ERROR';
  if (typeof error !== 'object' || error === null) return 'INTERNAL_SERVER_ERROR';
  const name = textMember(error, 'name');
  const status = httpStatusOf(error);
  // The SDK calls connection resets TimeoutError too: without a response, the system's code takes precedence.
  const named = (status === undefined ? ofSystem(error) : undefined) ?? failureOfName.get(name);
  if (named !== undefined) return named;
  if (status !== undefined && status >= 300) return failureOf(status, name !== 'SyntaxError');
  // A 200 that the SDK could not read, such as one with a time in words.
  if (status !== undefined || name === 'SyntaxError') return 'UPSTREAM_PROTOCOL_ERROR';
  return name === 'AbortError' || 'syscall' in error ? 'UPSTREAM_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
}

/** Node's HTTP parser alone has some thirty codes, HPE_*. */
function ofSystem(error: object): Failure | undefined {
  const code = textMember(error, 'code');
  return code.startsWith('HPE_') ? 'UPSTREAM_PROTOCOL_ERROR' : failureOfSystemCode.get(code);
}

/** The HTTP status of the response that the SDK's error was made from; undefined where there was no response. */
export function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function textMember(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/** The clock was off, and the SDK has corrected it by the response's date: the same call may succeed now. */
export function isClockCorrected({ cause }: GatewayError): boolean {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return false;
  const metadata = cause.$metadata;
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    'clockSkewCorrected' in metadata &&
    metadata.clockSkewCorrected === true
  );
}
