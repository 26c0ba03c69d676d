import type { Principal } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import type { CallOptions, HealthImaging, Operation } from '../healthimaging/api.ts';
import { createLoaders, type Loaders } from '../healthimaging/loaders.ts';
import type { PageCache } from '../healthimaging/pages/pageCache.ts';
import type { CursorSealer } from '../search/cursor/cursor.ts';
import type { Auditing } from './auditing.ts';
import type { AuditRecorder } from './auditRecorder.ts';
import type { Circles } from '../healthimaging/pages/tokenLoops.ts';

/** What all requests share. */
export interface Services {
  readonly api: HealthImaging;
  readonly pages: PageCache;
  readonly circles: Circles;
  /** Undefined: nothing is recorded for audit. */
  readonly auditing: Auditing | undefined;
  readonly sealer: CursorSealer;
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
  /** The client's address. */
  readonly address: string;
  /** What this operation does with patients' data, for the audit events that are written before it is answered. */
  readonly audit: AuditRecorder | undefined;
}

export interface ContextRequest {
  readonly requestId: string;
  readonly principal: Principal;
  /** The client's address. */
  readonly address: string;
}

export function createContextFactory(services: Services) {
  return (request: ContextRequest, call: CallOptions): RequestContext => {
    const audit = services.auditing?.recorder();
    const api = audit?.watch(services.api) ?? services.api;
    return {
      ...request,
      call,
      services: { ...services, api },
      loaders: createLoaders(api, call),
      audit,
    };
  };
}

/**
 * The data store to ask: the first that the principal may ask when none is named.
 * @throws {GatewayError} NOT_FOUND for any that is not configured, and for any that is not the principal's: the two look
 * the same, and neither is ever asked upstream
 */
export function allowedDatastore(
  { principal }: RequestContext,
  datastoreId: string | null | undefined,
): string {
  const { datastoreIds } = principal.grant;
  const id = datastoreId ?? datastoreIds[0];
  if (id === undefined || !datastoreIds.includes(id)) throw new GatewayError('NOT_FOUND');
  return id;
}

/** As `allowedDatastore`, for a read by identifier; a refusal is recorded for audit. */
export function readableDatastore(
  context: RequestContext,
  datastoreId: string | null | undefined,
  read: { readonly operation: Operation; readonly imageSetId?: string },
): string {
  try {
    return allowedDatastore(context, datastoreId);
  } catch (error) {
    context.audit?.deniedDatastore(read.operation, datastoreId, read.imageSetId);
    throw error;
  }
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
