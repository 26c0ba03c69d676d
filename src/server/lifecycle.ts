/** starting -> ready -> draining -> stopped; never back. */
export type Phase = 'starting' | 'ready' | 'draining' | 'stopped';

export interface Lifecycle {
  phase(): Phase;
  /** How many requests are being answered. */
  inFlight(): number;
  ready(): void;
  /** Counts a request in; gives the function that counts it out, or the code to refuse it with. */
  enter(): (() => void) | 'SHUTTING_DOWN' | 'OVERLOADED';
  /** Takes no new work from here on; resolves when what is in flight has been answered, or `graceMs` are over. */
  drain(graceMs: number): Promise<void>;
}

/** @param maximumInFlight requests at once: each may hold a body, and a window of rows, in memory */
export function createLifecycle(maximumInFlight: number): Lifecycle {
  let phase: Phase = 'starting';
  let inFlight = 0;
  let idle: (() => void) | undefined;
  return {
    phase: () => phase,
    inFlight: () => inFlight,
    ready() {
      if (phase === 'starting') phase = 'ready';
    },
    enter() {
      if (phase === 'draining' || phase === 'stopped') return 'SHUTTING_DOWN';
      if (inFlight >= maximumInFlight) return 'OVERLOADED';
      inFlight += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        inFlight -= 1;
        if (inFlight === 0) idle?.();
      };
    },
    async drain(graceMs) {
      phase = 'draining';
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs);
          idle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      phase = 'stopped';
    },
  };
}
