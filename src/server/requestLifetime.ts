import type { ServerResponse } from 'node:http';

import { GatewayError } from '../errors.ts';

/** How long a request may be worked on. */
export interface RequestLifetime {
  readonly signal: AbortSignal;
  /** When the signal is aborted, in milliseconds since 1970. */
  readonly deadline: number;
  /** Calls that when the response has been sent, or its client is gone. */
  readonly onEnd: (ended: () => void) => void;
}

/**
 * A signal that is aborted at the deadline (UPSTREAM_TIMEOUT), when the client disconnects (REQUEST_CANCELLED), and when the
 * request is given up for others (OVERLOADED), with that error as its reason. Its timer ends with the response.
 */
export function requestLifetime(
  response: ServerResponse,
  deadlineMs: number,
  givenUp?: AbortSignal,
): RequestLifetime {
  const controller = new AbortController();
  givenUp?.addEventListener('abort', () => controller.abort(givenUp.reason), { once: true });
  const timer = setTimeout(() => {
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
  }, deadlineMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new GatewayError('REQUEST_CANCELLED'));
  });
  return {
    signal: controller.signal,
    deadline: performance.now() + deadlineMs,
    onEnd: (ended) => (response.closed ? ended() : void response.once('close', ended)),
  };
}
