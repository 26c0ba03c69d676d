import { setTimeout as sleep } from 'node:timers/promises';

import { DicomFileError, dicomFileReasons } from '../dicom/read/dicomFileError.ts';
import { readP10 } from '../dicom/read/readP10.ts';
import type { ImportWarning } from '../dicom/read/readWarnings.ts';
import type { Store } from '../store/store.ts';
import { sqliteCode } from '../store/storeError.ts';
import { findFiles, pathText, systemReason, type FilePath, type LeftOut } from './findFiles.ts';
import { toInstanceRecord, type InstanceRecord } from './instanceRecord.ts';
import {
  startImportRun,
  takeInstances,
  type ImportRun,
  type Outcome,
  type Placement,
} from './takeInstances.ts';

export type { LeftOut } from './findFiles.ts';
export type { ImportWarning } from '../dicom/read/readWarnings.ts';
export type { Placement } from './takeInstances.ts';

/** Counts so far. */
export interface ImportProgress {
  /** Files whose instances are in the store. */
  readonly filesRead: number;
  readonly filesLeftOut: number;
}

/** A file whose instance is in the store. */
export interface TakenFile {
  readonly path: string;
  readonly placement: Placement;
  readonly warnings: readonly ImportWarning[];
}

export interface ImportOptions {
  /** After every batch. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** After every batch, with its files. A later batch may give their image sets a newer version. */
  readonly onTaken?: (files: readonly TakenFile[]) => void;
  /** Of an import that was interrupted, to go on with it. */
  readonly runId?: number;
  /** Leaves out files that do not say their transfer syntax, as an import job of the service does. */
  readonly demandMetaHeader?: boolean;
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

interface Read {
  readonly path: string;
  readonly record: InstanceRecord;
  readonly headerBytes: number;
}

/**
 * Imports the DICOM files at the paths, and below them, into the store. A file that was imported before changes nothing; a file that
 * cannot be read leaves nothing behind.
 * @throws the signal's reason when it is aborted
 */
export async function importDicom(
  store: Store,
  paths: readonly string[],
  { onProgress, onTaken, signal, now = Date.now, runId, demandMetaHeader = false }: ImportOptions = {},
): Promise<ImportSummary> {
  const run = startImportRun(runId);
  const leftOut: LeftOut[] = [];
  const warnings = new Map<ImportWarning, number>();
  let filesRead = 0;
  let batch: Read[] = [];
  let bytes = 0;
  const commit = async () => {
    signal?.throwIfAborted();
    if (batch.length > 0) {
      const taken = await takeBatch(store, run, batch, now());
      onTaken?.(taken);
    }
    filesRead += batch.length;
    batch = [];
    bytes = 0;
    onProgress?.({ filesRead, filesLeftOut: leftOut.length });
  };
  for await (const file of findFiles(paths)) {
    const read = 'reason' in file ? file : await readFile(file.path, demandMetaHeader);
    if ('record' in read) {
      batch.push(read);
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
  batch: readonly Read[],
  now: number,
): Promise<TakenFile[]> {
  const records = batch.map(({ record }) => record);
  for (let tries = 1; ; tries += 1) {
    try {
      const placements = takeInstances(store, run, records, now);
      return batch.flatMap(({ path, record: { warnings } }, index) => {
        const placement = placements[index];
        return placement === undefined ? [] : [{ path, placement, warnings }];
      });
    } catch (error) {
      if (sqliteCode(error) !== busy || tries === busyTries) throw error;
      await sleep(50 * tries);
    }
  }
}

async function readFile(path: FilePath, demandMetaHeader: boolean): Promise<Read | LeftOut> {
  try {
    const instance = await readP10(path);
    if (demandMetaHeader && !instance.hasMetaHeader)
      throw new DicomFileError(dicomFileReasons.noTransferSyntax);
    const record = toInstanceRecord(instance);
    return { path: pathText(path), record, headerBytes: instance.headerBytes };
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
