import DataLoader from 'dataloader';

import { GatewayError } from '../errors.ts';
import type {
  CallOptions,
  DatastoreProperties,
  HealthImaging,
  ImageSetProperties,
  ImageSetReference,
  VersionsPage,
  VersionsRequest,
} from './api.ts';
import { createMetadataLoader, type MetadataLoader } from './metadata/metadataLoader.ts';
import type { MetadataShare } from './metadata/metadataRoom.ts';

export interface LoaderOptions extends Omit<CallOptions, 'progress'> {
  /** Calls that one request may have in flight, over all its loaders. */
  readonly maximumConcurrency?: number;
  /** The room of the request's metadata documents; absent: each is bounded by itself. */
  readonly metadataShare?: MetadataShare;
}

/** Reads by identifier, for one request: each object is read once, however many fields ask for it. */
export interface Loaders {
  readonly datastore: DataLoader<string, DatastoreProperties>;
  readonly imageSet: DataLoader<ImageSetReference, ImageSetProperties, string>;
  readonly metadata: MetadataLoader;
  /** Pages of versions. */
  readonly versions: DataLoader<VersionsRequest, VersionsPage, string>;
}

export function createLoaders(
  api: HealthImaging,
  { maximumConcurrency = 16, metadataShare, ...call }: LoaderOptions,
): Loaders {
  const limited = createLimit(maximumConcurrency);

  /** HealthImaging reads one object a call, so a batch is one call for each key, each of which fails by itself. */
  const each =
    <Key, Value>(read: (key: Key) => Promise<Value>) =>
    (keys: readonly Key[]): Promise<(Value | Error)[]> =>
      Promise.all(keys.map((key) => limited(() => read(key)).catch(asError)));

  const ofReference = { cacheKeyFn: referenceKey };
  return {
    datastore: new DataLoader(each((datastoreId: string) => api.getDatastore(datastoreId, call))),
    imageSet: new DataLoader(
      each((reference: ImageSetReference) => api.getImageSet(reference, call)),
      ofReference,
    ),
    metadata: createMetadataLoader({
      read: (reference, place) =>
        api.getImageSetMetadata(reference, { ...call, ...(place !== undefined && { place }) }),
      keyOf: referenceKey,
      settleAll: (references, read) => each(read)(references),
      share: metadataShare,
    }),
    versions: new DataLoader(
      each((request: VersionsRequest) => api.listImageSetVersions(request, call)),
      { cacheKeyFn: versionsKey },
    ),
  };
}

function referenceKey({ datastoreId, imageSetId, versionId = '' }: ImageSetReference): string {
  return `${datastoreId}/${imageSetId}/${versionId}`;
}

function versionsKey({ nextToken = '', maxResults, ...reference }: VersionsRequest): string {
  return `${referenceKey(reference)}/${maxResults}/${nextToken}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new GatewayError('INTERNAL_SERVER_ERROR', { cause: error });
}

/**
 * At most so many at once, the others first come, first served. Needs no signal: once the request is aborted, each that
 * gets its turn ends at once.
 */
function createLimit(maximum: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (running >= maximum) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
