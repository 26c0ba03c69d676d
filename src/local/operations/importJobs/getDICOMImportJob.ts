import type { DICOMImportJobProperties, GetDICOMImportJobRequest } from '@aws-sdk/client-medical-imaging';

import type { RestJson } from '../../model/restJson.ts';
import { ServiceError } from '../../serviceError.ts';
import { requireDatastore } from '../datastores/requireDatastore.ts';
import { route, type Deps } from '../route.ts';
import { jobSummary, type Nullable } from './jobSummary.ts';

interface Output {
  readonly jobProperties: Nullable<RestJson<DICOMImportJobProperties>>;
}

export const getDICOMImportJob = route('GetDICOMImportJob', {
  method: 'GET',
  path: '/getDICOMImportJob/datastore/{datastoreId}/job/{jobId}',
  handle(
    { datastores, importJobs }: Pick<Deps, 'datastores' | 'importJobs'>,
    { datastoreId, jobId }: RestJson<GetDICOMImportJobRequest>,
  ): Output {
    const job = importJobs.find(requireDatastore(datastores, datastoreId), jobId);
    if (job === undefined) throw new ServiceError('ResourceNotFoundException', 'Import job not found.');
    const { dataAccessRoleArn, inputUri: inputS3Uri, outputUri: outputS3Uri } = job;
    return {
      jobProperties: { ...jobSummary(datastoreId, job), dataAccessRoleArn, inputS3Uri, outputS3Uri },
    };
  },
});
