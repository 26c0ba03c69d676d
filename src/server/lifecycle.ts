/** starting -> ready -> draining -> stopped; never back. */
export type Phase = 'starting' | 'ready' | 'draining' | 'stopped';

export interface Lifecycle {
  phase(): Phase;
  /** How many requests are being answered. */
  inFlight(): number;
  ready(): void;
  /** Counts a request in; gives the function that counts it out, or undefined when no new work is taken. */
  enter(): (() => void) | undefined;
  /** Takes no new work from here on; resolves when what is in flight has been answered, or `graceMs` are over. */
  drain(graceMs: number): Promise<void>;
}

export function createLifecycle(): Lifecycle {
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
      if (phase === 'draining' || phase === 'stopped') return undefined;
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
