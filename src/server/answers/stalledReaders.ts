import type { ServerResponse } from 'node:http';

/** How long a reader may take nothing while there is something to take, in milliseconds. */
const stalledMs = 30_000;
const checkMs = 5_000;

/**
 * Disconnects a client that takes nothing of its answer: what waits for it stays in memory. A slow reader, who takes some of it
 * now and then, is not one.
 */
export function cutWhenStalled(response: ServerResponse, afterMs = stalledMs, everyMs = checkMs): void {
  // It may have gone while it was worked for: its close would not come again.
  if (response.closed) return;
  let left = -1;
  let since = performance.now();
  const timer = setInterval(() => {
    const waiting = response.socket?.writableLength ?? 0;
    if (waiting === 0 || waiting !== left) {
      left = waiting;
      since = performance.now();
    } else if (performance.now() - since >= afterMs) {
      response.destroy();
    }
  }, everyMs).unref();
  response.once('close', () => clearInterval(timer));
}
