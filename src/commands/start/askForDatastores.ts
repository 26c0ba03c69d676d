import { ConfigError } from '../../config/config.ts';
import type { ErrorCode } from '../../errors.ts';
import type { HealthImaging } from '../../healthimaging/api.ts';
import { checkDatastores } from '../../healthimaging/checkDatastores.ts';

export interface AskOptions {
  readonly datastoreIds: readonly string[];
  /** Whether a data store that is unknown or denied keeps the gateway from starting. */
  readonly strict: boolean;
}

/** Faults of the settings, of the role, or of the data store itself. Those with other codes may pass by themselves. */
const refused: Readonly<Partial<Record<ErrorCode, string>>> = {
  NOT_FOUND: 'HealthImaging does not know',
  UPSTREAM_ACCESS_DENIED: 'HealthImaging denies to the gateway',
};

/**
 * Asks for the configured data stores once, so that the log tells at the start which cannot be had: the connection warns of
 * them by itself (`healthimaging/calls/healthReport.ts`). Waits for the responses only where the start depends on them.
 * @throws {ConfigError} naming those that are unknown or denied, where that is strict
 */
export async function askForDatastores(
  api: Pick<HealthImaging, 'getDatastore'>,
  { datastoreIds, strict }: AskOptions,
): Promise<void> {
  const check = checkDatastores(api, datastoreIds);
  if (!strict) return;
  const faults = (await check).flatMap(({ datastoreId, code }) => {
    const reason = refused[code];
    return reason === undefined ? [] : [`${reason} the data store ${datastoreId}.`];
  });
  if (faults.length > 0)
    throw new ConfigError(faults.map((fault) => `HEALTHIMAGING_DATASTORE_IDS: ${fault}`));
}
