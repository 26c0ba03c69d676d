import { hash } from 'node:crypto';

import type { JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';

import type { Principal } from './principal.ts';

/** Tokens that are remembered: about a kilobyte each. */
const mostTokens = 1_000;

type KeyRequest = Parameters<JWTVerifyGetKey>;
type Key = Awaited<ReturnType<JWTVerifyGetKey>>;

/** What a token's signature was checked with. */
export interface UsedKey {
  readonly request: KeyRequest;
  readonly key: Key;
}

interface Remembered extends UsedKey {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  /** Seconds since 1970, as in the token. */
  readonly expiresAt: number;
}

/**
 * Access tokens whose signature and claims were found right, by their hashes: a client sends the same one with each request. A
 * token counts only as long as its key is still the one that the issuer's keys give for it, and until it expires; keys that are
 * fetched anew are other keys.
 */
export interface RememberedTokens {
  find(token: string, now: number): Promise<Principal | undefined>;
  keep(token: string, found: Remembered): void;
}

export function createRememberedTokens(keyOf: JWTVerifyGetKey, clockSkewSeconds: number): RememberedTokens {
  const tokens = new LRUCache<string, Remembered>({ max: mostTokens });
  const isCurrent = ({ checkedAt, expiresAt }: Remembered, now: number) =>
    now >= checkedAt && Math.floor(now / 1_000) - clockSkewSeconds < expiresAt;

  return {
    async find(token, now) {
      const known = tokens.get(nameOf(token));
      if (known === undefined || !isCurrent(known, now)) return undefined;
      // Where the key cannot be had, checking the token anew says why.
      const key = await Promise.resolve(keyOf(...known.request)).catch(() => undefined);
      return key === known.key ? known.principal : undefined;
    },
    keep: (token, found) => void tokens.set(nameOf(token), found),
  };
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
