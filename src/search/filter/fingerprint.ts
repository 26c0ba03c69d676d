import { hash } from 'node:crypto';

import type { SearchCriteria } from './criteria.ts';

/**
 * One text for all criteria that ask HealthImaging the same: the order of the conditions, which are joined by AND, does
 * not count, nor that of an object's members, whoever built it. Times become ISO text. It holds the values searched for: for keys in memory and for hashing, never for a log.
 */
export function canonicalCriteria({ filters, sort }: SearchCriteria): string {
  const conditions = (filters ?? []).map((filter) => JSON.stringify(byName(filter))).sort();
  return JSON.stringify([conditions, sort === undefined ? [] : [sort.sortField, sort.sortOrder]]);
}

/** 16 bytes that tell searches apart; sealed into their cursors. */
export function fingerprint(criteria: SearchCriteria): Buffer {
  return fingerprintOf('imageSets', canonicalCriteria(criteria));
}

/**
 * 16 bytes that tell lists of every kind apart.
 * @param kind what is listed, so that a cursor of one kind of list does not fit another
 * @param source the one text for what is listed
 */
export function fingerprintOf(kind: string, source: string): Buffer {
  return hash('sha256', JSON.stringify([kind, source]), 'buffer').subarray(0, 16);
}

/** The members of every object as pairs in the order of their names. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, member]) => [name, byName(member)]);
}
