import { ServiceError } from './serviceError.ts';

/** Calls a second, and at once after a pause (AWS, "Throttling limits"); operations that are not there are not throttled. */
const rates: Readonly<Record<string, readonly [perSecond: number, burst: number]>> = {
  SearchImageSets: [25, 50],
  GetImageSet: [25, 50],
  ListImageSetVersions: [25, 50],
  GetImageSetMetadata: [50, 100],
  GetImageFrame: [1_000, 2_000],
  GetDatastore: [10, 20],
  ListDatastores: [5, 10],
  StartDICOMImportJob: [1, 2],
  CopyImageSet: [0.25, 1],
  DeleteImageSet: [0.25, 1],
  UpdateImageSetMetadata: [0.25, 1],
};

/**
 * Throttles operations as the service throttles those of an account: each has tokens, that come at its rate and are kept up to its burst.
 * @param now milliseconds of a clock that never goes back
 * @returns what takes a token. Throws a ServiceError, ThrottlingException, with the seconds to wait where there is none
 */
export function createThrottle(now: () => number = () => performance.now()): (operation: string) => void {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (operation) => {
    const [perSecond, burst] = rates[operation] ?? [Infinity, Infinity];
    if (perSecond === Infinity) return;
    const time = now();
    const { tokens, at } = buckets.get(operation) ?? { tokens: burst, at: time };
    const left = Math.min(burst, tokens + ((time - at) / 1_000) * perSecond);
    const isThere = left >= 1;
    buckets.set(operation, { tokens: isThere ? left - 1 : left, at: time });
    if (!isThere)
      throw new ServiceError('ThrottlingException', 'Rate exceeded.', {
        retryAfterSeconds: Math.ceil((1 - left) / perSecond),
      });
  };
}
