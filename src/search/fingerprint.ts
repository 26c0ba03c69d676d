import { hash } from 'node:crypto';

import type { SearchCriteria } from './criteria.ts';

/**
 * One text for all criteria that ask HealthImaging the same: the order of the conditions, which are joined by AND, does
 * not count. It holds the values searched for: for keys in memory and for hashing, never for a log.
 */
export function canonicalCriteria({ filters, sort }: SearchCriteria): string {
  const conditions = (filters ?? []).map((filter) => JSON.stringify(filter)).sort();
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
