import { setTimeout as sleep } from 'node:timers/promises';

import { DicomFileError, dicomFileReasons } from '../dicom/read/dicomFileError.ts';
import { readP10 } from '../dicom/read/readP10.ts';
import type { ImportWarning } from '../dicom/read/readWarnings.ts';
import type { Store } from '../store/store.ts';
import { sqliteCode } from '../store/storeError.ts';
import { findFiles, pathText, systemReason, type FilePath, type LeftOut } from './findFiles.ts';
import { toInstanceRecord, type InstanceRecord } from './instanceRecord.ts';
import { startImportRun, takeInstances, type ImportRun, type Outcome } from './takeInstances.ts';

export type { LeftOut } from './findFiles.ts';

/** Counts so far. */
export interface ImportProgress {
  /** Files whose instances are in the store. */
  readonly filesRead: number;
  readonly filesLeftOut: number;
}

export interface ImportOptions {
  /** After every batch. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Looked at between files. Batches that were committed stay. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface ImportSummary {
  readonly filesRead: number;
  readonly imageSetsMade: number;
  readonly imageSetsUpdated: number;
  readonly imageSetsUnchanged: number;
  readonly leftOut: readonly LeftOut[];
  /** Files that were read though they are not as DICOM has them, by what is wrong with them. */
  readonly warnings: ReadonlyMap<ImportWarning, number>;
}

/** Files in one transaction: few enough that other writers wait for moments only. */
const batchSize = 500;
/** Bytes of headers in one transaction, which bounds the memory that their values take. */
const batchBytes = 32 * 1024 * 1024;
/** How often a batch is tried while other processes write; each try waits for the store's busy timeout. */
const busyTries = 6;
/** SQLITE_BUSY. */
const busy = 5;

type Reading = { readonly record: InstanceRecord; readonly headerBytes: number } | LeftOut;

/**
 * Imports the DICOM files at the paths, and below them, into the store. A file that was imported before changes nothing; a file that
 * cannot be read leaves nothing behind.
 * @throws the signal's reason when it is aborted
 */
export async function importDicom(
  store: Store,
  paths: readonly string[],
  { onProgress, signal, now = Date.now }: ImportOptions = {},
): Promise<ImportSummary> {
  const run = startImportRun();
  const leftOut: LeftOut[] = [];
  const warnings = new Map<ImportWarning, number>();
  let filesRead = 0;
  let batch: InstanceRecord[] = [];
  let bytes = 0;
  const commit = async () => {
    signal?.throwIfAborted();
    if (batch.length > 0) await takeBatch(store, run, batch, now());
    filesRead += batch.length;
    batch = [];
    bytes = 0;
    onProgress?.({ filesRead, filesLeftOut: leftOut.length });
  };
  for await (const file of findFiles(paths)) {
    const read = 'reason' in file ? file : await readFile(file.path);
    if ('record' in read) {
      batch.push(read.record);
      for (const warning of read.record.warnings) warnings.set(warning, (warnings.get(warning) ?? 0) + 1);
      bytes += read.headerBytes;
    } else leftOut.push(read);
    if (batch.length === batchSize || bytes >= batchBytes) await commit();
    // Also where there is nothing to commit, as in a folder without DICOM files.
    signal?.throwIfAborted();
  }
  await commit();
  return { filesRead, ...countOutcomes(run), leftOut, warnings };
}

async function takeBatch(
  store: Store,
  run: ImportRun,
  batch: readonly InstanceRecord[],
  now: number,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      takeInstances(store, run, batch, now);
      return;
    } catch (error) {
      if (sqliteCode(error) !== busy || tries === busyTries) throw error;
      await sleep(50 * tries);
    }
  }
}

async function readFile(path: FilePath): Promise<Reading> {
  try {
    const instance = await readP10(path);
    return { record: toInstanceRecord(instance), headerBytes: instance.headerBytes };
  } catch (error) {
    if (!(error instanceof DicomFileError))
      return { path: pathText(path), reason: systemReason(error), failed: true };
    return { path: pathText(path), reason: error.reason, failed: !noInstance.has(error.reason) };
  }
}

const noInstance: ReadonlySet<string> = new Set([dicomFileReasons.notDicom, dicomFileReasons.dicomDirectory]);

function countOutcomes({ outcomes }: ImportRun) {
  const count = (outcome: Outcome) => [...outcomes.values()].filter((each) => each === outcome).length;
  return {
    imageSetsMade: count('made'),
    imageSetsUpdated: count('updated'),
    imageSetsUnchanged: count('unchanged'),
  };
}
