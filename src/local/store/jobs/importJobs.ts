import type { Store } from '../store.ts';

export type JobStatus = 'SUBMITTED' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** An import job. Times are milliseconds since 1970. */
export interface ImportJob {
  /** Its place in the order of submission. */
  readonly seq: number;
  /** 32 hexadecimal digits. */
  readonly jobId: string;
  readonly jobName: string | undefined;
  readonly status: JobStatus;
  readonly dataAccessRoleArn: string;
  readonly inputUri: string;
  /** With the folder of the job, and a slash at the end. */
  readonly outputUri: string;
  readonly submittedAt: number;
  readonly endedAt: number | undefined;
  readonly message: string | undefined;
  readonly clientToken: string;
  /** Of everything in the request but the token. */
  readonly requestDigest: string;
  /** Of the versions that it makes, however often it is resumed. */
  readonly importRun: number;
  /** The process that runs it, or will. */
  readonly runner: string | undefined;
  /** How many processes began it. */
  readonly attempts: number;
}

export type NewJob = Omit<ImportJob, 'seq' | 'status' | 'endedAt' | 'message' | 'attempts'>;

export function insertJob(store: Store, job: NewJob): ImportJob {
  const row = store
    .prepare(
      `INSERT INTO import_job (job_id, job_name, status, data_access_role_arn, input_uri, output_uri, submitted_at,
         client_token, request_digest, import_run, runner, attempts)
       VALUES (?, ?, 'SUBMITTED', ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING *`,
    )
    .get(
      job.jobId,
      job.jobName ?? null,
      job.dataAccessRoleArn,
      job.inputUri,
      job.outputUri,
      job.submittedAt,
      job.clientToken,
      job.requestDigest,
      job.importRun,
      job.runner ?? null,
    );
  return toJob(row ?? {});
}

/** @param since jobs that were submitted earlier are not found */
export function findJob(store: Store, jobId: string, since: number): ImportJob | undefined {
  const row = store
    .prepare('SELECT * FROM import_job WHERE job_id = ? AND submitted_at >= ?')
    .get(jobId, since);
  return row === undefined ? undefined : toJob(row);
}

export function findJobOfToken(store: Store, clientToken: string): ImportJob | undefined {
  const row = store.prepare('SELECT * FROM import_job WHERE client_token = ?').get(clientToken);
  return row === undefined ? undefined : toJob(row);
}

export interface ListedJobs {
  readonly status: JobStatus | undefined;
  /** The seq of the last job of the page before; undefined for the first page. */
  readonly before: number | undefined;
  /** Jobs that were submitted earlier are not listed. */
  readonly since: number;
  readonly limit: number;
}

/** Jobs, newest first. */
export function listJobs(store: Store, { status, before, since, limit }: ListedJobs): ImportJob[] {
  return store
    .prepare(
      `SELECT * FROM import_job WHERE seq < ? AND submitted_at >= ? AND (? IS NULL OR status = ?)
       ORDER BY seq DESC LIMIT ?`,
    )
    .all(before ?? Number.MAX_SAFE_INTEGER, since, status ?? null, status ?? null, limit)
    .map(toJob);
}

/** Jobs that have not ended, oldest first. */
export function unfinishedJobs(store: Store): ImportJob[] {
  return store.prepare('SELECT * FROM import_job WHERE ended_at IS NULL ORDER BY seq').all().map(toJob);
}

export function hasUnfinishedJob(store: Store): boolean {
  return store.prepare('SELECT 1 FROM import_job WHERE ended_at IS NULL LIMIT 1').get() !== undefined;
}

/**
 * Gives an unfinished job to a process.
 * @returns false where another process was faster
 */
export function giveJob(store: Store, { jobId, runner }: ImportJob, to: string): boolean {
  return (
    store
      .prepare('UPDATE import_job SET runner = ? WHERE job_id = ? AND runner IS ? AND ended_at IS NULL')
      .run(to, jobId, runner ?? null).changes === 1
  );
}

/** @returns the job as it is now; undefined where another process has it */
export function beginJob(store: Store, jobId: string, runner: string): ImportJob | undefined {
  const row = store
    .prepare(
      `UPDATE import_job SET status = 'IN_PROGRESS', attempts = attempts + 1
       WHERE job_id = ? AND runner = ? AND ended_at IS NULL RETURNING *`,
    )
    .get(jobId, runner);
  return row === undefined ? undefined : toJob(row);
}

/**
 * Leaves a job to whoever opens the data store next.
 * @param state `stopped`: it was begun, and was told to stop, which does not count as an attempt
 */
export function releaseJob(
  store: Store,
  jobId: string,
  runner: string,
  state: 'waiting' | 'begun' | 'stopped',
): void {
  store
    .prepare(
      'UPDATE import_job SET runner = NULL, attempts = attempts - ? WHERE job_id = ? AND runner = ? AND ended_at IS NULL',
    )
    .run(state === 'stopped' ? 1 : 0, jobId, runner);
}

export interface JobEnd {
  /** Why the job failed as a whole; undefined for one that is COMPLETED. */
  readonly failure: string | undefined;
  readonly endedAt: number;
}

export function endJob(store: Store, jobId: string, { failure, endedAt }: JobEnd): void {
  store
    .prepare(
      'UPDATE import_job SET status = ?, ended_at = max(?, submitted_at), message = ?, runner = NULL WHERE job_id = ?',
    )
    .run(failure === undefined ? 'COMPLETED' : 'FAILED', endedAt, failure ?? null, jobId);
}

/** Forgets the jobs that ended before a time. */
export function removeJobsBefore(store: Store, time: number): void {
  store.prepare('DELETE FROM import_job WHERE ended_at IS NOT NULL AND submitted_at < ?').run(time);
}

function toJob(row: Record<string, unknown>): ImportJob {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined);
  return {
    seq: Number(row['seq']),
    jobId: String(row['job_id']),
    jobName: text('job_name'),
    status: row['status'] as JobStatus,
    dataAccessRoleArn: String(row['data_access_role_arn']),
    inputUri: String(row['input_uri']),
    outputUri: String(row['output_uri']),
    submittedAt: Number(row['submitted_at']),
    endedAt: typeof row['ended_at'] === 'number' ? row['ended_at'] : undefined,
    message: text('message'),
    clientToken: String(row['client_token']),
    requestDigest: String(row['request_digest']),
    importRun: Number(row['import_run']),
    runner: text('runner'),
    attempts: Number(row['attempts']),
  };
}
