import { hash, randomUUID } from 'node:crypto';

import type { Log } from '../../log/log.ts';
import { newRunId } from '../import/takeInstances.ts';
import { ServiceError } from '../serviceError.ts';
import type { Datastores } from '../store/datastores/datastores.ts';
import {
  beginJob,
  endJob,
  findJob,
  findJobOfToken,
  giveJob,
  insertJob,
  listJobs,
  releaseJob,
  removeJobsBefore,
  unfinishedJobs,
  type ImportJob,
  type ListedJobs,
} from '../store/jobs/importJobs.ts';
import type { Store } from '../store/store.ts';
import { JobFailure } from './jobFailure.ts';
import { runImportJob } from './runImportJob.ts';
import { isRunning, Runner } from './runner.ts';

export interface ImportJobsOptions {
  readonly datastores: Datastores;
  /** The folder of buckets; undefined: no job can be submitted. */
  readonly bucketsDirectory: string | undefined;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface NewImportJob {
  readonly jobName?: string;
  readonly dataAccessRoleArn: string;
  readonly clientToken: string;
  readonly inputS3Uri: string;
  readonly outputS3Uri: string;
  readonly inputOwnerAccountId?: string;
}

/** AWS's quota for a data store. */
const maximumUnfinished = 100;
/** As long as the service keeps jobs. */
const keptMs = 90 * 86_400_000;
/** A job in which the process ended so often is what ends it. */
const maximumAttempts = 3;

/**
 * Import jobs: one runs at a time in a process, in the order in which they came. A job whose process ended is gone on with by another one
 * that serves the folder, or by the next that does.
 */
export class ImportJobs {
  readonly #options: ImportJobsOptions;
  readonly #stop = new AbortController();
  #runner: Runner | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: ImportJobsOptions) {
    this.#options = options;
  }

  /** Goes on with the jobs that nobody runs. */
  start(): void {
    const { datastores } = this.#options;
    for (const { datastoreId } of datastores.list({ status: 'ACTIVE', after: 0, limit: 1_000 })) {
      const store = datastores.find(datastoreId);
      if (store !== undefined) this.adopt(store);
    }
  }

  /** Goes on with the jobs of a data store that nobody runs. */
  adopt(store: Store): void {
    const { directory } = this.#options.datastores;
    for (const job of unfinishedJobs(store)) {
      const abandoned =
        job.runner === undefined || (job.runner !== this.#runner?.id && !isRunning(directory, job.runner));
      if (abandoned && giveJob(store, job, this.#runnerId())) this.#enqueue(store, job.jobId);
    }
  }

  /**
   * Takes a job on. The same request again, by its token, finds the job that it made.
   * @throws {ServiceError} ConflictException, ServiceQuotaExceededException, ValidationException
   */
  submit(store: Store, request: NewImportJob): ImportJob {
    const { bucketsDirectory, now } = this.#options;
    if (bucketsDirectory === undefined) {
      throw new ServiceError(
        'ValidationException',
        'Import jobs need a data folder, or a folder of buckets.',
      );
    }
    const { clientToken } = request;
    const requestDigest = digestOf(request);
    const runner = this.#runnerId();
    const { job, isNew } = store.transaction(() => {
      removeJobsBefore(store, now() - keptMs);
      const earlier = findJobOfToken(store, clientToken);
      if (earlier?.requestDigest === requestDigest) return { job: earlier, isNew: false };
      if (earlier !== undefined) {
        throw new ServiceError('ConflictException', 'The clientToken came with another request before.');
      }
      if (unfinishedJobs(store).length >= maximumUnfinished) {
        const message = `Expected no more than ${maximumUnfinished} import jobs of a data store at a time.`;
        throw new ServiceError('ServiceQuotaExceededException', message);
      }
      const jobId = randomUUID().replaceAll('-', '');
      const { datastoreId } = store.datastore;
      const made = insertJob(store, {
        jobId,
        jobName: request.jobName,
        dataAccessRoleArn: request.dataAccessRoleArn,
        inputUri: request.inputS3Uri,
        outputUri: `${request.outputS3Uri.replace(/\/$/, '')}/${datastoreId}-DicomImport-${jobId}/`,
        submittedAt: now(),
        clientToken,
        requestDigest,
        importRun: newRunId(),
        runner,
      });
      return { job: made, isNew: true };
    });
    if (isNew) this.#enqueue(store, job.jobId);
    return job;
  }

  find(store: Store, jobId: string): ImportJob | undefined {
    this.adopt(store);
    return findJob(store, jobId, this.#options.now() - keptMs);
  }

  /** Newest first. */
  list(store: Store, page: Omit<ListedJobs, 'since'>): ImportJob[] {
    this.adopt(store);
    return listJobs(store, { ...page, since: this.#options.now() - keptMs });
  }

  /** Stops between two files, and leaves what is not done to the next process. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('The local HealthImaging closes.'));
    await this.#working;
    this.#runner?.close();
  }

  #runnerId(): string {
    this.#runner ??= new Runner(this.#options.datastores.directory);
    return this.#runner.id;
  }

  #enqueue(store: Store, jobId: string): void {
    const { log } = this.#options;
    this.#working = this.#working
      .then(() => this.#run(store, jobId))
      .catch((error: unknown) => {
        log.error({ error, datastoreId: store.datastore.datastoreId }, 'an import job could not be run');
        // Whoever asks for it next has it tried again.
        releaseJob(store, jobId, this.#runnerId(), 'begun');
      })
      .catch((error: unknown) => {
        log.error({ error }, 'an import job could not be released');
      });
  }

  async #run(store: Store, jobId: string): Promise<void> {
    const { bucketsDirectory = '', log, now } = this.#options;
    const { signal } = this.#stop;
    const runner = this.#runnerId();
    // The answer to whoever submitted it comes first.
    await new Promise(setImmediate);
    if (signal.aborted) {
      releaseJob(store, jobId, runner, 'waiting');
      return;
    }
    const job = beginJob(store, jobId, runner);
    if (job === undefined) return;
    try {
      const failure =
        job.attempts > maximumAttempts
          ? new JobFailure(`The import was interrupted ${maximumAttempts} times.`)
          : await runImportJob(job, { store, bucketsDirectory, log, signal, now });
      endJob(store, jobId, { failure: failure?.message, endedAt: now() });
      const { datastoreId } = store.datastore;
      log.info({ datastoreId }, failure === undefined ? 'import job completed' : 'import job failed');
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
      releaseJob(store, jobId, runner, 'stopped');
    }
  }
}

function digestOf(request: NewImportJob): string {
  const { jobName, dataAccessRoleArn, inputS3Uri, outputS3Uri, inputOwnerAccountId } = request;
  return hash(
    'sha256',
    JSON.stringify([jobName, dataAccessRoleArn, inputS3Uri, outputS3Uri, inputOwnerAccountId]),
  );
}
