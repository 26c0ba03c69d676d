/** In this order, and never back. */
export type Phase = 'starting' | 'ready' | 'draining' | 'stopped';

export interface Lifecycle {
  phase(): Phase;
  /** Requests that are being answered. */
  inFlight(): number;
  ready(): void;
  /** Admits a request: gives the function that ends its place, or the code to refuse it with. */
  enter(): (() => void) | 'SHUTTING_DOWN';
  /** Admits no more requests; resolves when those in flight have ended, or after `graceMs`. */
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
      if (phase === 'draining' || phase === 'stopped') return 'SHUTTING_DOWN';
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
