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
  /** For discovery and keys together, in milliseconds; default: 5,000. */
  readonly timeoutMs?: number;
}

export interface IssuerKeys {
  /**
   * The key that a token's header names.
   * @throws {GatewayError} AUTHENTICATION_UNAVAILABLE where keys cannot be fetched
   * @throws {errors.JOSEError} where the issuer has no such key, or none that can be used
   */
  readonly keyOf: JWTVerifyGetKey;
  /** Starts to fetch the keys, so that the first request need not wait. */
  prefetch(): void;
}

/** Keys of this age are still used while newer ones are fetched: a withdrawn key stops working after about this time. */
const refreshAgeMs = 60_000;
/** Counted from the start of their fetch; older keys are not used, even while the issuer is down. */
const maximumAgeMs = 600_000;
/** Between fetches while there are keys: anybody can make up key ids, which must not cause a fetch each. */
const cooldownMs = 30_000;
/** Between fetches while there are no keys: recovers soon, without flooding an issuer that comes back. */
const retryMs = 1_000;
const defaultTimeoutMs = 5_000;

/** Fetched keys. */
interface Held {
  readonly keys: JWTVerifyGetKey;
  readonly at: number;
}

interface Attempt {
  readonly at: number;
  /** Whether there are new keys; never rejects. */
  readonly fetched: Promise<boolean>;
}

/**
 * Keeps the keys of an issuer through its outages. jose's createRemoteJWKSet does not: it fetches only once its keys are too
 * old, again for every request while the issuer is down, and reads a response of any size. Only its key selection is used.
 */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { now, log, metrics, timeoutMs = defaultTimeoutMs } = options;
  let held: Held | undefined;
  let latest: Attempt | undefined;
  let inFlight = false;

  // With a clock that was set back, keys count as too old rather than as fresh.
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
        log.error({ code: 'INTERNAL_SERVER_ERROR', err: error }, 'internal error');
      }
      return false;
    } finally {
      inFlight = false;
    }
  }

  /** Joins the fetch in flight, or starts one unless the latest is younger than `spacingMs`. Whether the latest succeeded. */
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
        // The key may be newer than those fetched. Without a fetch nobody knows: the client is not to blame.
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
