import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

import { GatewayError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { fetchKeySet, IssuerFault, type IssuerAddress, type IssuerFaultReason } from './issuerDocuments.ts';

export interface IssuerKeysOptions extends IssuerAddress {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly metrics: { countIssuerKeys(outcome: 'fetched' | IssuerFaultReason | 'internal_error'): void };
  /** For discovery and keys together, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface IssuerKeys {
  /**
   * The key that a token says it was signed with.
   * @throws {GatewayError} AUTHENTICATION_UNAVAILABLE where it cannot be known
   * @throws {errors.JOSEError} where the issuer has no such key
   */
  readonly keyOf: JWTVerifyGetKey;
  /** Begins to fetch them, so that the first request need not wait. */
  prefetch(): void;
}

/** Keys of this age are fetched anew while they are used: a withdrawn one is out after about that time. */
const refreshAgeMs = 60_000;
/** Counted from when they were asked for; older ones are not used, whatever has become of the issuer. */
const maximumAgeMs = 600_000;
/** Between fetches while keys are at hand: unknown key ids, which anybody can make up, cause no more of them. */
const cooldownMs = 30_000;
/** Between fetches while there are none: soon well again, and no flood on an issuer that comes back. */
const retryMs = 1_000;
const defaultTimeoutMs = 5_000;

interface Held {
  readonly keys: JWTVerifyGetKey;
  readonly at: number;
}

interface Attempt {
  readonly at: number;
  /** Whether it brought keys; never rejects. */
  readonly fetched: Promise<boolean>;
}

/**
 * jose's createRemoteJWKSet has a cache, too, but no outage rule: it fetches only what is already too old, asks again at
 * every request while the issuer is down, and reads as much as is sent. Its key selection is what is used.
 */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { now, log, metrics, timeoutMs = defaultTimeoutMs } = options;
  let held: Held | undefined;
  let latest: Attempt | undefined;
  let inFlight = false;

  // A clock that was set back makes what is held too old, not young again.
  const isWithin = (at: number, ageMs: number) => now() - at >= 0 && now() - at < ageMs;

  const usable = () => (held !== undefined && isWithin(held.at, maximumAgeMs) ? held : undefined);

  async function attempt(at: number): Promise<boolean> {
    inFlight = true;
    try {
      const set = await fetchKeySet(options, { ...options, signal: AbortSignal.timeout(timeoutMs) });
      held = { keys: keySelection(set), at };
      metrics.countIssuerKeys('fetched');
      return true;
    } catch (error) {
      if (error instanceof IssuerFault) {
        metrics.countIssuerKeys(error.reason);
        log.warn({ reason: error.reason, err: error }, "the issuer's keys could not be fetched");
      } else {
        metrics.countIssuerKeys('internal_error');
        log.error({ code: 'INTERNAL_SERVER_ERROR', err: error }, 'a fault of the gateway');
      }
      return false;
    } finally {
      inFlight = false;
    }
  }

  /** Joins the fetch in flight, or begins one unless the latest is younger than that; whether the latest brought keys. */
  function refresh(spacingMs: number): Promise<boolean> {
    if (latest === undefined || (!inFlight && !isWithin(latest.at, spacingMs))) {
      const at = now();
      latest = { at, fetched: attempt(at) };
    }
    return latest.fetched;
  }

  async function usableOrFetched(): Promise<Held> {
    const { at } = usable() ?? { at: undefined };
    if (at === undefined) await refresh(retryMs);
    else if (!isWithin(at, refreshAgeMs)) void refresh(cooldownMs);
    const found = usable();
    if (found === undefined) throw new GatewayError('AUTHENTICATION_UNAVAILABLE');
    return found;
  }

  return {
    async keyOf(header, token) {
      const { keys } = await usableOrFetched();
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        // It may be newer than what is held. While the issuer is down that cannot be known: no fault of the client.
        const fetched = await refresh(cooldownMs);
        if (!fetched) throw new GatewayError('AUTHENTICATION_UNAVAILABLE', { cause: error });
        return (await usableOrFetched()).keys(header, token);
      }
    },
    prefetch: () => void refresh(retryMs),
  };
}

/**
 * jose's selection by `kid` and `alg`. It imports a key when it is first selected, and a key that cannot be imported fails
 * with whatever Web Crypto throws: that is a fault of the issuer's key, and must not pass for one of ours.
 * @throws {IssuerFault} for what is no key set
 */
function keySelection(set: JSONWebKeySet): JWTVerifyGetKey {
  const select = localKeySet(set);
  return async (header, token) => {
    try {
      return await select(header, token);
    } catch (cause) {
      if (cause instanceof errors.JOSEError) throw cause;
      throw new errors.JWKInvalid('The key cannot be imported', { cause });
    }
  };
}

function localKeySet(set: JSONWebKeySet): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(set);
  } catch (cause) {
    throw cause instanceof errors.JWKSInvalid ? new IssuerFault('no_key_set', { cause }) : cause;
  }
}
