import type { Principal } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import type { CallOptions, HealthImaging } from '../healthimaging/api.ts';
import { createLoaders, type Loaders } from '../healthimaging/loaders.ts';
import type { PageCache } from '../healthimaging/pageCache.ts';
import type { CursorSealer } from '../search/cursor.ts';
import type { Circles } from './circles.ts';

/** What all requests share. */
export interface Services {
  readonly api: HealthImaging;
  readonly pages: PageCache;
  readonly circles: Circles;
  readonly sealer: CursorSealer;
  /** The data stores that may be asked for; the first is the default one. */
  readonly datastoreIds: readonly [string, ...string[]];
  /** Rows asked per upstream page. */
  readonly pageSize: number;
  /** How old a page may be for a window without `after`, in milliseconds. */
  readonly pageFreshMs: number;
  /** How old a page may be for a window with `after`, in milliseconds. */
  readonly pageWalkMs: number;
  readonly countClientPage: () => void;
}

export interface RequestContext {
  readonly requestId: string;
  /** How long upstream calls may take: until the request's deadline, or until its client leaves. */
  readonly call: CallOptions;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Who asks, and with what right. */
  readonly principal: Principal;
}

export function createContextFactory(services: Services) {
  return (requestId: string, call: CallOptions, principal: Principal): RequestContext => ({
    requestId,
    call,
    services,
    loaders: createLoaders(services.api, call),
    principal,
  });
}

/**
 * The data store to ask: the default one when none is named.
 * @throws {GatewayError} NOT_FOUND for any that is not configured; such a one is never asked upstream
 */
export function allowedDatastore(
  { services }: RequestContext,
  datastoreId: string | null | undefined,
): string {
  const [defaultId] = services.datastoreIds;
  const id = datastoreId ?? defaultId;
  if (!services.datastoreIds.includes(id)) throw new GatewayError('NOT_FOUND');
  return id;
}

/** Null in place of what is not there or not allowed: the two look the same. */
export async function nullWhenNotFound<Value>(read: () => Value | Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
