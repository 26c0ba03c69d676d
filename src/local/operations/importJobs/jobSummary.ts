import type { DICOMImportJobSummary } from '@aws-sdk/client-medical-imaging';

import { epochSeconds, type RestJson } from '../../model/restJson.ts';
import type { ImportJob } from '../../store/jobs/importJobs.ts';

/** The service answers null where there is no name or message, though its model requires a name. */
export type Nullable<Job extends { jobName: unknown; message?: unknown }> = Omit<
  Job,
  'jobName' | 'message'
> & { readonly jobName: string | null; readonly message: string | null };

export function jobSummary(
  datastoreId: string,
  { jobId, jobName, status, dataAccessRoleArn, submittedAt, endedAt, message }: ImportJob,
): Nullable<RestJson<DICOMImportJobSummary>> {
  return {
    jobId,
    jobName: jobName ?? null,
    jobStatus: status,
    datastoreId,
    dataAccessRoleArn,
    submittedAt: epochSeconds(submittedAt),
    ...(endedAt !== undefined && { endedAt: epochSeconds(endedAt) }),
    message: message ?? null,
  };
}
