import type {
  StartDICOMImportJobRequest,
  StartDICOMImportJobResponse,
} from '@aws-sdk/client-medical-imaging';

import { parseS3Uri } from '../../jobs/s3Uri.ts';
import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';

interface Input extends RestJson<StartDICOMImportJobRequest> {
  readonly clientToken: string;
  /** The service model has it, the SDK not yet. */
  readonly importConfiguration?: object;
}

/** A thousand mappings, each as long as the model allows. */
const longestConfiguration = 4 * 1024 * 1024;

export const startDICOMImportJob = route('StartDICOMImportJob', {
  method: 'POST',
  path: '/startDICOMImportJob/datastore/{datastoreId}',
  maximumBodyBytes: longestConfiguration,
  handle(
    { datastores, importJobs }: Pick<Deps, 'datastores' | 'importJobs'>,
    input: Input,
  ): RestJson<StartDICOMImportJobResponse> {
    const { datastoreId, inputS3Uri, outputS3Uri, importConfiguration } = input;
    const store = requireDatastore(datastores, datastoreId);
    if (importConfiguration !== undefined) {
      throw new ServiceError(
        'ValidationException',
        'importConfiguration is not supported by the local HealthImaging.',
      );
    }
    for (const [member, uri] of Object.entries({ inputS3Uri, outputS3Uri })) {
      if (parseS3Uri(uri) === undefined) {
        const message = `Expected the key of ${member} to be a path: names without "." and "..", none of them empty.`;
        throw new ServiceError('ValidationException', message);
      }
    }
    const { jobId, submittedAt } = importJobs.submit(store, input);
    return { datastoreId, jobId, jobStatus: 'SUBMITTED', submittedAt: epochSeconds(submittedAt) };
  },
});
