import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';

export interface IssuerKeysOptions {
  readonly issuer: string;
  readonly jwksUrl: string | undefined;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: { countIssuerKeys(outcome: string): void };
}

export interface IssuerKeys {
  readonly keyOf: JWTVerifyGetKey;
  prefetch(): void;
}

export function createIssuerKeys({ jwksUrl = '', fetch, metrics }: IssuerKeysOptions): IssuerKeys {
  const keyOf: JWTVerifyGetKey = async (header, token) => {
    try {
      const response = await fetch(jwksUrl, { redirect: 'error' });
      const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
      metrics.countIssuerKeys('fetched');
      return await keys(header, token);
    } catch (cause) {
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', { cause });
    }
  };
  return { keyOf, prefetch: () => undefined };
}
