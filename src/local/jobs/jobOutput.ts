import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ImportWarning, Placement } from '../import/import.ts';
import type { ImportJob } from '../store/jobs/importJobs.ts';

/** A file as it was imported. */
export interface ImportedFile {
  /** Without the bucket. */
  readonly key: string;
  readonly imageSetId: string;
  readonly warnings: readonly ImportWarning[];
}

/** A file that was not. */
export interface FailedFile {
  readonly key: string;
  readonly exceptionType: 'ValidationException' | 'AccessDeniedException' | 'InternalServerException';
  readonly message: string;
}

/** What came of an import job. */
export interface JobOutcome {
  readonly imported: readonly ImportedFile[];
  readonly failed: readonly FailedFile[];
  /** The image sets of the files as the job has left them, by ID. */
  readonly placements: ReadonlyMap<string, Placement>;
}

/**
 * Writes what came of a job as the service does. The manifest comes last, so that whoever sees it finds the rest.
 * @param folder of the job, as a path
 */
export async function writeJobOutput(
  folder: string,
  datastoreId: string,
  job: ImportJob,
  outcome: JobOutcome,
): Promise<void> {
  const { imported, failed } = outcome;
  const responses = imported.map((file) => ({ file, importResponse: responseOf(file, outcome) }));
  await writeLines(
    join(folder, 'SUCCESS'),
    'success.ndjson',
    responses.map(({ file, importResponse }) => ({ inputFile: file.key, importResponse })),
  );
  await writeLines(
    join(folder, 'FAILURE'),
    'failure.ndjson',
    failed.map(({ key, exceptionType, message }) => ({
      inputFile: key,
      exception: { exceptionType, message },
    })),
  );
  const warned = responses.filter(({ file }) => file.warnings.length > 0);
  if (warned.length > 0) {
    await writeLines(
      join(folder, 'WARNING'),
      'warning.ndjson',
      warned.map(({ file, importResponse }) => ({
        inputFile: file.key,
        importResponse: { ...importResponse, warnings: file.warnings.map(toWarning) },
      })),
    );
  }
  await writeWhole(
    join(folder, 'job-output-manifest.json'),
    JSON.stringify({ jobSummary: jobSummary(datastoreId, job, outcome) }),
  );
}

function responseOf({ imageSetId }: ImportedFile, { placements }: JobOutcome) {
  const placement = placements.get(imageSetId);
  return { imageSetId, imageSetVersion: placement?.version, isPrimary: placement?.isPrimary };
}

/** The service writes the names of its codes in another way here: INVALID_OFFSET_TABLE is InvalidOffsetTable. */
function toWarning({ code, type, message }: ImportWarning) {
  const words = type.split('_').map((word) => word.slice(0, 1) + word.slice(1).toLowerCase());
  return { warning_reason_code: code, type: words.join(''), message };
}

function jobSummary(
  datastoreId: string,
  { jobId, inputUri, outputUri }: ImportJob,
  { imported, failed, placements }: JobOutcome,
) {
  const serverErrors = failed.filter(({ exceptionType }) => exceptionType === 'InternalServerException');
  const matched = new Map<string, number>();
  for (const { imageSetId } of imported) matched.set(imageSetId, (matched.get(imageSetId) ?? 0) + 1);
  return {
    jobId,
    datastoreId,
    inputS3Uri: inputUri,
    outputS3Uri: outputUri,
    successOutputS3Uri: `${outputUri}SUCCESS/`,
    failureOutputS3Uri: `${outputUri}FAILURE/`,
    warningsOutputS3Uri: `${outputUri}WARNING/`,
    numberOfScannedFiles: imported.length + failed.length,
    numberOfImportedFiles: imported.length,
    numberOfFilesWithCustomerError: failed.length - serverErrors.length,
    numberOfFilesWithServerError: serverErrors.length,
    numberOfGeneratedImageSets: placements.size,
    imageSetsSummary: [...placements.values()].map(({ imageSetId, version, isPrimary }) => ({
      imageSetId,
      imageSetVersion: version,
      isPrimary,
      numberOfMatchedSOPInstances: matched.get(imageSetId) ?? 0,
    })),
  };
}

async function writeLines(folder: string, name: string, lines: readonly object[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Nobody sees half of a file. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600 });
  await rename(`${path}.part`, path);
}
