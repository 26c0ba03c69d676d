import type { CreateDatastoreRequest, CreateDatastoreResponse } from '@aws-sdk/client-medical-imaging';

import { longestTags } from '../../model/constraints.ts';
import type { RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import { route, type Deps } from '../route.ts';

interface Input extends RestJson<CreateDatastoreRequest> {
  readonly clientToken: string;
}

/** The data store can be used when this answers, which says CREATING as the service does. */
export const createDatastore = route('CreateDatastore', {
  method: 'POST',
  path: '/datastore',
  maximumBodyBytes: longestTags,
  handle(
    { datastores, now }: Pick<Deps, 'datastores' | 'now'>,
    input: Input,
  ): RestJson<CreateDatastoreResponse> {
    const { datastoreName: name, losslessStorageFormat, ...rest } = input;
    if (losslessStorageFormat === 'JPEG_2000_LOSSLESS') {
      throw new ServiceError(
        'ValidationException',
        'The local HealthImaging stores HTJ2K only: leave out losslessStorageFormat.',
      );
    }
    const datastoreId = datastores.create({ ...rest, ...(name !== undefined && { name }) }, now());
    return { datastoreId, datastoreStatus: 'CREATING' };
  },
});
