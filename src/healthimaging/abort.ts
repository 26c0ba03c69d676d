import { GatewayError } from '../errors.ts';

/** The error of an aborted call: the signal's reason, which says whether deadline, client or shutdown ended it. */
export function abortError(signal: AbortSignal): GatewayError {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError) return reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return new GatewayError(timedOut ? 'UPSTREAM_TIMEOUT' : 'REQUEST_CANCELLED', { cause: reason });
}

/** Settles as the work does, or rejects with the signal's error as soon as it is aborted. Leaves no listener behind. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(abortError(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

/** Resolves after that time, or rejects with the signal's error as soon as it is aborted. Leaves no timer behind. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortError(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
