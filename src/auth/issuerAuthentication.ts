import type { Config } from '../config/config.ts';
import { createAuthenticate, type Authenticate } from './authenticate.ts';
import { createIssuerKeys, type IssuerKeysOptions } from './issuerKeys.ts';

export interface IssuerAuthenticationDependencies extends Pick<IssuerKeysOptions, 'log' | 'metrics'> {
  /** The configured data stores. */
  readonly datastoreIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Authenticates by the access tokens of the configured issuer; undefined where none is configured. */
export function createIssuerAuthentication(
  { issuer, audiences = [], jwksUrl, algorithms, clockSkewSeconds, ...claims }: Config['auth'],
  { datastoreIds, log, metrics, now }: IssuerAuthenticationDependencies,
): Authenticate | undefined {
  if (issuer === undefined) return undefined;
  const keys = createIssuerKeys({ issuer, jwksUrl, fetch, now, log, metrics });
  // Not awaited: an issuer that is down must not keep the process from starting.
  keys.prefetch();
  return createAuthenticate({
    issuer,
    audiences,
    algorithms,
    clockSkewSeconds,
    keyOf: keys.keyOf,
    now,
    authorization: {
      datastoreIds,
      patientClaim: claims.patientClaim,
      datastoresClaim: claims.datastoresClaim,
      tenantClaim: claims.tenantClaim,
    },
  });
}
