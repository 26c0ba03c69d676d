import type { SearchCriteria } from '../filter/criteria.ts';
import type { Margin } from './bound.ts';

/** What HealthImaging was found to do with searches of one kind when they are bounded. */
export interface BoundTrials {
  /** The margin within which rows are found. */
  margin: Margin;
  /** Whether it refuses them, so that they are not asked for again. */
  refused: boolean;
}

/** For lists that cannot be bounded. */
export const noTrials: BoundTrials = { margin: 'millisecond', refused: true };

/**
 * What was found out, for all searches of a process: by what they search and sort by, never by the values searched for. There
 * are as many kinds as combinations of HealthImaging's attributes.
 */
export function createBoundTrials(): (criteria: SearchCriteria) => BoundTrials {
  const trialsOf = new Map<string, BoundTrials>();
  return ({ filters, sort }) => {
    const attributes = (filters ?? []).flatMap(({ operator, values: [value] }) => [
      operator,
      ...Object.keys(value),
    ]);
    const kind = [sort?.sortField, sort?.sortOrder, ...attributes].join(' ');
    const trials = trialsOf.get(kind) ?? { margin: 'millisecond', refused: false };
    trialsOf.set(kind, trials);
    return trials;
  };
}
