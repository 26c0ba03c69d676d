import type { Rate } from '../tokenBucket.ts';
import { unlimited } from '../tokenBucket.ts';
import { callRate, wholeNumber } from './parsers.ts';
import { setting, type Need, type Setting, type ValueOf } from './setting.ts';

/**
 * What AWS allows an account, from HealthImaging's "Throttling limits", and the word for each operation in the names of
 * settings. A support case may raise a quota: hence the settings.
 */
const quotas = {
  SearchImageSets: { word: 'SEARCH', perSecond: 25, burst: 50 },
  GetImageSet: { word: 'GET_IMAGE_SET', perSecond: 25, burst: 50 },
  GetImageSetMetadata: { word: 'METADATA', perSecond: 50, burst: 100 },
  ListImageSetVersions: { word: 'VERSIONS', perSecond: 25, burst: 50 },
  GetDatastore: { word: 'DATASTORE', perSecond: 10, burst: 20 },
} as const;

export type PacedOperation = keyof typeof quotas;

const pacedOperations = Object.keys(quotas) as PacedOperation[];

function eachOperation<Value>(make: (operation: PacedOperation) => Value): Record<PacedOperation, Value> {
  return Object.fromEntries(pacedOperations.map((operation) => [operation, make(operation)])) as Record<
    PacedOperation,
    Value
  >;
}

export const callRateSettings = eachOperation((operation): Setting<number, undefined> => {
  const { word, perSecond } = quotas[operation];
  return setting(
    `HEALTHIMAGING_${word}_RATE`,
    callRate,
    undefined,
    [`${perSecond} (AWS); unlimited (embedded)`, `${operation} calls per second, or \`unlimited\``],
    { inForce: unlessEmbedded(perSecond) },
  );
});

export const callBurstSettings = eachOperation((operation): Setting<number, undefined> => {
  const { word, burst } = quotas[operation];
  return setting(
    `HEALTHIMAGING_${word}_BURST`,
    wholeNumber(1, 100_000),
    undefined,
    [`${burst} (AWS)`, `${operation} calls at once`],
    { needs: limited(`HEALTHIMAGING_${word}_RATE`), inForce: unlessEmbedded(burst) },
  );
});

/** SearchImageSets calls a second that are in force. */
export function searchRateOf(valueOf: ValueOf): number {
  const set = valueOf('HEALTHIMAGING_SEARCH_RATE');
  if (typeof set === 'number') return set;
  const isEmbedded = valueOf('HEALTHIMAGING_DATASTORE_IDS') === undefined;
  return isEmbedded ? Number.POSITIVE_INFINITY : quotas.SearchImageSets.perSecond;
}

function unlessEmbedded(quota: number): (valueOf: ValueOf) => string {
  return (valueOf) => (valueOf('HEALTHIMAGING_DATASTORE_IDS') === undefined ? 'unlimited' : String(quota));
}

function limited(rateName: string): Need {
  return (valueOf) => {
    const rate = valueOf(rateName);
    if (rate === Number.POSITIVE_INFINITY) return `${rateName} is unlimited`;
    return rate === undefined && valueOf('HEALTHIMAGING_DATASTORE_IDS') === undefined
      ? `${rateName} is unlimited unless it is set, since HEALTHIMAGING_DATASTORE_IDS is not set`
      : undefined;
  };
}

type PerOperation = Readonly<Record<PacedOperation, number | undefined>>;

/** The rate of each operation: as set, or else the account's quota; the embedded HealthImaging has no account. */
export function callRatesOf(
  { callRates, callBursts }: { readonly callRates: PerOperation; readonly callBursts: PerOperation },
  { embedded }: { readonly embedded: boolean },
): Record<PacedOperation, Rate> {
  return eachOperation((operation) => {
    const quota = embedded ? unlimited : quotas[operation];
    return {
      perSecond: callRates[operation] ?? quota.perSecond,
      burst: callBursts[operation] ?? quota.burst,
    };
  });
}
