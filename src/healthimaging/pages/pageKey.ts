import { hash } from 'node:crypto';

import { canonicalCriteria } from '../../search/filter/fingerprint.ts';
import type { SearchPageRequest } from '../api.ts';

/**
 * What names an upstream page: the data store, what is searched and in which order, the token, the rows asked for. A
 * digest, so that no search for a patient stays behind as a key.
 */
export function pageKey({ datastoreId, criteria, nextToken, maxResults }: SearchPageRequest): string {
  const parts = [datastoreId, canonicalCriteria(criteria), nextToken ?? null, maxResults];
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
