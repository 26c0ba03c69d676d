import { operations, type CallOptions, type HealthImaging, type Operation } from '../api.ts';

export interface Call {
  readonly operation: Operation;
  readonly datastoreId: string;
  readonly options: CallOptions;
}

/** Runs around every call; settles as the call does, or instead of it. */
export type Wrapper = <Result>(call: Call, work: () => Promise<Result>) => Promise<Result>;

/** The same HealthImaging, each of whose calls runs inside the wrapper. */
export function wrapCalls(api: HealthImaging, wrap: Wrapper): HealthImaging {
  return {
    searchImageSets(request, options) {
      const call = { operation: operations.searchImageSets, datastoreId: request.datastoreId, options };
      return wrap(call, () => api.searchImageSets(request, options));
    },
    getImageSet(reference, options) {
      const call = { operation: operations.getImageSet, datastoreId: reference.datastoreId, options };
      return wrap(call, () => api.getImageSet(reference, options));
    },
    getImageSetMetadata(reference, options) {
      const call = { operation: operations.getImageSetMetadata, datastoreId: reference.datastoreId, options };
      return wrap(call, () => api.getImageSetMetadata(reference, options));
    },
    listImageSetVersions(request, options) {
      const call = { operation: operations.listImageSetVersions, datastoreId: request.datastoreId, options };
      return wrap(call, () => api.listImageSetVersions(request, options));
    },
    getDatastore(datastoreId, options) {
      const call = { operation: operations.getDatastore, datastoreId, options };
      return wrap(call, () => api.getDatastore(datastoreId, options));
    },
  };
}
