import { GatewayError } from '../errors.ts';

/** What the caller of an aborted call is told: the signal's own reason, which tells deadline, client and shutdown apart. */
export function abortError(signal: AbortSignal): GatewayError {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError) return reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return new GatewayError(timedOut ? 'UPSTREAM_TIMEOUT' : 'REQUEST_CANCELLED', { cause: reason });
}

/** Settles as the work does, or at once with the signal's error when it is aborted. Leaves no listener behind. */
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

/** Waits; rejects with the signal's error when it is aborted, and leaves no timer behind. */
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
