import { importDicom, type Placement } from '../import/import.ts';
import type { Log } from '../../log/log.ts';
import type { ImportJob } from '../store/jobs/importJobs.ts';
import type { Store } from '../store/store.ts';
import { listInput, makeOutputFolder, type InputLimits, type JobInput } from './buckets.ts';
import { fileFailure, refusedLink } from './fileFailure.ts';
import { JobFailure } from './jobFailure.ts';
import { writeJobOutput, type FailedFile, type ImportedFile, type JobOutcome } from './jobOutput.ts';
import { parseS3Uri, type S3Location } from './s3Uri.ts';

export interface JobSurroundings {
  readonly store: Store;
  /** The folder of buckets. */
  readonly bucketsDirectory: string;
  readonly log: Log;
  /** Ends the import between two files. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly limits?: InputLimits;
}

/**
 * Runs an import job, or goes on with one that was interrupted: files that are in the store already change nothing.
 * @returns why it failed as a whole; undefined where it did not, however many of its files did
 * @throws the signal's reason when it is aborted
 */
export async function runImportJob(
  job: ImportJob,
  surroundings: JobSurroundings,
): Promise<JobFailure | undefined> {
  const { store, bucketsDirectory, limits } = surroundings;
  const { datastoreId } = store.datastore;
  try {
    const folder = await makeOutputFolder(bucketsDirectory, locationOf(job.outputUri));
    const outcome: Progress = { imported: [], failed: [], placements: new Map() };
    try {
      const input = await listInput(bucketsDirectory, locationOf(job.inputUri), limits);
      await importInput(job, input, outcome, surroundings);
    } finally {
      // Also where it failed, with what came of it until then.
      if (!surroundings.signal.aborted) await writeJobOutput(folder, datastoreId, job, outcome);
    }
    return undefined;
  } catch (error) {
    if (surroundings.signal.aborted) throw error;
    if (error instanceof JobFailure) return error;
    surroundings.log.error({ error, datastoreId }, 'an import job failed');
    return new JobFailure('The import failed. The log of the local HealthImaging says where.', {
      cause: error,
    });
  }
}

/** The URIs of a job were looked at when it was submitted. */
function locationOf(uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (location === undefined) throw new JobFailure('Expected an S3 URI that can be a path.');
  return location;
}

interface Progress extends JobOutcome {
  readonly imported: ImportedFile[];
  readonly failed: FailedFile[];
  readonly placements: Map<string, Placement>;
}

async function importInput(
  job: ImportJob,
  { files, refused }: JobInput,
  { imported, failed, placements }: Progress,
  { store, signal, now }: JobSurroundings,
): Promise<void> {
  const keysOf = (path: string) => files.get(path) ?? [];
  failed.push(...refused.map(refusedLink));
  const { leftOut } = await importDicom(store, [...files.keys()], {
    signal,
    now,
    runId: job.importRun,
    demandMetaHeader: true,
    onTaken(taken) {
      for (const { path, placement, warnings } of taken) {
        const { imageSetId } = placement;
        placements.set(imageSetId, placement);
        imported.push(...keysOf(path).map((key) => ({ key, imageSetId, warnings })));
      }
    },
  });
  for (const { path, reason } of leftOut) failed.push(...keysOf(path).map((key) => fileFailure(key, reason)));
}
