import type { Principal } from '../../../auth/principal.ts';

/** What each principal may spend in a minute, counted over all of its requests. */
export interface CostRate {
  /** Cost that a principal may spend in a minute. */
  readonly perMinute: number;
  /** Takes the cost from what the principal has left, or nothing when less than that is left. */
  charge(principal: Principal, cost: number): Promise<Charge>;
}

export interface Charge {
  readonly accepted: boolean;
  /** What the principal has left after the charge. */
  readonly available: number;
  /** Milliseconds until the whole rate is available again. */
  readonly resetMs: number;
  /** Gives back what was charged and not used; resolves with what is left then. */
  giveBack(cost: number): Promise<number>;
}
