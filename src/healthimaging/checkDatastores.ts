import { GatewayError, type ErrorCode } from '../errors.ts';
import type { HealthImaging } from './api.ts';

export interface DatastoreFault {
  readonly datastoreId: string;
  /** NOT_FOUND: unknown to HealthImaging; UPSTREAM_ACCESS_DENIED; or why it could not be asked. */
  readonly code: ErrorCode;
}

/** How long to wait for the responses, in milliseconds. */
const timeoutMs = 5_000;

/**
 * Asks HealthImaging once for each of the data stores.
 * @returns those that could not be had, in the order given; none rejects
 */
export async function checkDatastores(
  api: Pick<HealthImaging, 'getDatastore'>,
  datastoreIds: readonly string[],
): Promise<DatastoreFault[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const check = async (datastoreId: string): Promise<DatastoreFault[]> => {
    try {
      await api.getDatastore(datastoreId, { signal, deadline: performance.now() + timeoutMs });
      return [];
    } catch (error) {
      return [{ datastoreId, code: error instanceof GatewayError ? error.code : 'INTERNAL_SERVER_ERROR' }];
    }
  };
  return (await Promise.all(datastoreIds.map(check))).flat();
}
