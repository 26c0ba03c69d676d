import type { ServerResponse } from 'node:http';

import { GatewayError } from '../errors.ts';

/** How long the work of a request may take. */
export interface RequestLifetime {
  readonly signal: AbortSignal;
  /** When the signal will be aborted, in milliseconds on the clock of `Date.now`. */
  readonly deadline: number;
}

/**
 * A signal that lives as long as a request may: aborted at its deadline (UPSTREAM_TIMEOUT) and when its client leaves
 * (REQUEST_CANCELLED), with that error as its reason. Nothing of it outlives the response.
 */
export function requestLifetime(response: ServerResponse, deadlineMs: number): RequestLifetime {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
  }, deadlineMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new GatewayError('REQUEST_CANCELLED'));
  });
  return { signal: controller.signal, deadline: Date.now() + deadlineMs };
}
