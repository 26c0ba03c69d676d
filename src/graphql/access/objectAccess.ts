import { GatewayError } from '../../errors.ts';
import type { ImageSetReference, Operation } from '../../healthimaging/api.ts';
import type { RequestContext } from '../context.ts';

/**
 * The data store to search: the first of the principal's when none is named.
 * @throws {GatewayError} NOT_FOUND for one that is not configured and for one that is not the principal's. The two look
 * the same, and HealthImaging is asked for neither.
 */
export function allowedDatastore(
  { principal }: Pick<RequestContext, 'principal'>,
  datastoreId: string | null | undefined,
): string {
  const { datastoreIds } = principal.grant;
  const id = datastoreId ?? datastoreIds[0];
  if (id === undefined || !datastoreIds.includes(id)) throw new GatewayError('NOT_FOUND');
  return id;
}

/** `allowedDatastore` for a read by identifier: a refusal is recorded for audit. */
export function readableDatastore(
  context: Pick<RequestContext, 'principal' | 'audit'>,
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

/** Null for an object that does not exist or is not the principal's: the two look the same. */
export async function nullWhenNotFound<Value>(read: () => Value | Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/**
 * Refuses an image set of a patient other than the one whom the principal is confined to. Of a read by identifier, only
 * the metadata document says whose image set it is.
 * @param requested recorded for audit as denied too, where that is another version than the one checked
 * @throws {GatewayError} NOT_FOUND
 */
export async function demandPatient(
  { principal, loaders, audit }: Pick<RequestContext, 'principal' | 'loaders' | 'audit'>,
  reference: ImageSetReference,
  requested = reference,
): Promise<void> {
  const { patientId } = principal.grant;
  if (patientId === undefined) return;
  const tags = await loaders.metadata.tagsOf(reference);
  if (tags.patientId !== patientId) {
    audit?.denied(reference);
    audit?.denied(requested);
    throw new GatewayError('NOT_FOUND');
  }
}
