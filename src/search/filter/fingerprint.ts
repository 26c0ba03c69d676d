import { hash } from 'node:crypto';

import { attached } from '../../attached.ts';
import type { SearchCriteria } from './criteria.ts';

/**
 * The same text for all criteria that ask HealthImaging for the same rows: neither the order of the conditions counts,
 * which are joined by AND, nor that of an object's members. It contains the values searched for, so it serves as a key in
 * memory and for hashing, never for a log.
 */
export const canonicalCriteria = remembered(({ filters, sort }: SearchCriteria): string => {
  const conditions = (filters ?? []).map((filter) => JSON.stringify(byName(filter))).sort();
  return JSON.stringify([conditions, sort === undefined ? [] : [sort.sortField, sort.sortOrder]]);
});

/** 16 bytes that stand for a search and are sealed into its cursors. */
export const fingerprint = remembered((criteria: SearchCriteria): Buffer =>
  fingerprintOf('imageSets', canonicalCriteria(criteria)),
);

/** Criteria are not changed: what follows from them is found out once. */
function remembered<Found>(find: (criteria: SearchCriteria) => Found): (criteria: SearchCriteria) => Found {
  const known = attached<SearchCriteria, Found>();
  return (criteria) => {
    const found = known.get(criteria) ?? find(criteria);
    known.set(criteria, found);
    return found;
  };
}

/**
 * 16 bytes that stand for a list of any kind.
 * @param kind what is listed: a cursor for one kind of list does not fit another
 * @param source text that identifies the list among those of its kind
 */
export function fingerprintOf(kind: string, source: string): Buffer {
  return hash('sha256', JSON.stringify([kind, source]), 'buffer').subarray(0, 16);
}

/** Every object as pairs of name and member, sorted by name. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, member]) => [name, byName(member)]);
}
