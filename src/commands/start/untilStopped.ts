export interface Stop {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Aborted at the same time, for work that should not go on then. */
  readonly signal: AbortSignal;
}

/**
 * How long after the first signal others are taken for copies of it. Ctrl-C sends SIGINT to every process of the terminal's
 * group, and `npm start`, which is one of them, passes its own copy on to this process.
 */
const copiesMs = 500;

/** Listens for SIGTERM and SIGINT. A second signal that is no copy of the first ends the process at once. */
export function untilStopped(): Stop {
  const controller = new AbortController();
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      if (controller.signal.aborted) return;
      controller.abort();
      setTimeout(() => {
        process.off('SIGTERM', stop);
        process.off('SIGINT', stop);
      }, copiesMs).unref();
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  return { asked, signal: controller.signal };
}
