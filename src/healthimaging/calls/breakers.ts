import { operations, type Operation } from '../api.ts';
import { createBreaker, type Breaker, type BreakerOptions, type BreakerState } from './breaker.ts';

/** Operations that fail together: HealthImaging serves them from the same part of itself. */
const groups = {
  [operations.searchImageSets]: 'search',
  [operations.getImageSet]: 'image_sets',
  [operations.listImageSetVersions]: 'image_sets',
  [operations.getImageSetMetadata]: 'metadata',
  [operations.getDatastore]: 'datastores',
} as const satisfies Record<Operation, string>;

export type OperationGroup = (typeof groups)[Operation];

export interface BreakerPlace {
  readonly datastoreId: string;
  readonly operations: OperationGroup;
}

export interface BreakersOptions extends BreakerOptions {
  /** Whose breakers there are from the start. */
  readonly datastoreIds: readonly string[];
  readonly setState?: (place: BreakerPlace, state: BreakerState) => void;
}

/**
 * One breaker for each data store and group of operations: where one of them fails, the others are called as before. There
 * are as many as data stores are configured, since no other is asked for.
 */
export function createBreakers({
  datastoreIds,
  setState,
  ...options
}: BreakersOptions): (datastoreId: string, operation: Operation) => Breaker {
  const breakers = new Map<string, Breaker>();
  const breakerOf = (place: BreakerPlace): Breaker => {
    const key = `${place.datastoreId} ${place.operations}`;
    const breaker = breakers.get(key) ?? createBreaker(options, (state) => setState?.(place, state));
    breakers.set(key, breaker);
    return breaker;
  };
  for (const datastoreId of datastoreIds) {
    for (const group of new Set(Object.values(groups))) breakerOf({ datastoreId, operations: group });
  }
  return (datastoreId, operation) => breakerOf({ datastoreId, operations: groups[operation] });
}
