import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { GatewayError } from '../../errors.ts';
import type { CallOptions, SearchPage, SearchPageRequest } from '../api.ts';

type Search = (request: SearchPageRequest, options: CallOptions) => Promise<SearchPage>;

/** About the number of walks in progress: one token each. */
const rememberedTokens = 10_000;

/**
 * AWS does not document whether a next token may be used with another `maxResults` than the call that returned it. So it
 * is tried; where HealthImaging refuses, the call is repeated at the token's own page size, and once that has succeeded
 * every token is used at its own size. A page fetched that way says so in its `maxResults`. The size of its next token is
 * also remembered here, for callers that do not pass it on.
 */
export function withPageSizeOfToken(search: Search): Search {
  let ownSizeOnly = false;
  const sizes = new LRUCache<string, number>({ max: rememberedTokens });

  const searchAt = async (request: SearchPageRequest, maxResults: number, options: CallOptions) => {
    const page = await search({ ...request, maxResults }, options);
    if (maxResults === request.maxResults) return page;
    if (page.nextToken !== null) sizes.set(keyOf(page.nextToken), maxResults);
    return { ...page, maxResults };
  };

  return async (request, options) => {
    const { nextToken, maxResults, pageSizeOfToken } = request;
    if (nextToken === undefined) return search(request, options);
    const known = ownSizeOnly ? sizes.get(keyOf(nextToken)) : undefined;
    const ownSize = known ?? pageSizeOfToken ?? maxResults;
    if (ownSize === maxResults) return search(request, options);
    if (ownSizeOnly) return searchAt(request, ownSize, options);
    try {
      return await search(request, options);
    } catch (refused) {
      if (!(refused instanceof GatewayError) || refused.code !== 'CURSOR_EXPIRED') throw refused;
      try {
        const page = await searchAt(request, ownSize, options);
        ownSizeOnly = true;
        return page;
      } catch (error) {
        // Refused at its own size as well: the token is at fault, which says nothing about sizes.
        throw error instanceof GatewayError && error.code === 'CURSOR_EXPIRED' ? refused : error;
      }
    }
  };
}

/** A digest: tokens may be 8 KB long, and may hold what was searched for. */
function keyOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
