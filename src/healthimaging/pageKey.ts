import { hash } from 'node:crypto';

import type { SearchCriteria } from '../search/criteria.ts';
import type { SearchPageRequest } from './api.ts';

/**
 * What names an upstream page: the data store, what is searched and in which order, the token, the rows asked for. A
 * digest, so that no search for a patient stays behind as a key.
 */
export function pageKey({ datastoreId, criteria, nextToken, maxResults }: SearchPageRequest): string {
  return hash(
    'sha256',
    JSON.stringify([datastoreId, canonical(criteria), nextToken ?? null, maxResults]),
    'base64url',
  );
}

/** Filters are joined by AND: their order does not matter. JSON writes the times of a filter as ISO text. */
function canonical({ filters, sort }: SearchCriteria): unknown {
  return [
    (filters ?? []).map(({ operator, values }) => JSON.stringify([operator, values.map(sorted)])).sort(),
    sort === undefined ? null : [sort.sortField, sort.sortOrder],
  ];
}

/** The members of an object by name, whoever built it and in which order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
