export interface Stop {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Aborted at the same time, for work that should not go on then. */
  readonly signal: AbortSignal;
}

/** Listens for the first SIGTERM or SIGINT; a second one ends the process at once, as it would without this. */
export function untilStopped(): Stop {
  const controller = new AbortController();
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      controller.abort();
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  return { asked, signal: controller.signal };
}
