import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Config } from '../config/config.ts';
import { defaultDataDirectory } from '../config/upstream.ts';
import { importDicom, type ImportProgress, type ImportSummary } from '../local/import/import.ts';
import { counted, summaryLines } from '../local/import/summaryLines.ts';
import { writeSamples } from '../local/samples/writeSamples.ts';
import { openDatastores, type Datastores } from '../local/store/datastores/datastores.ts';
import type { Store } from '../local/store/store.ts';
import { StoreError } from '../local/store/storeError.ts';
import type { Log } from '../log/log.ts';

const defaultRegion = 'us-east-1';

export interface ImportOutput {
  /** Whether a person reads it: then progress is shown in place. */
  readonly terminal: boolean;
  readonly print: (text: string) => void;
  readonly log: Log;
  /** Ends an import between two files. */
  readonly signal?: AbortSignal;
  /** Called with how far the import came when the signal ends it. */
  readonly onStopped?: (progress: ImportProgress) => void;
}

export function embeddedRegion({ upstream }: Config): string {
  return upstream.region ?? defaultRegion;
}

export function dataDirectory(config: Config): string {
  return config.upstream.dataDirectory ?? defaultDataDirectory();
}

/** The data stores of the data folder, which is made when it is not there. Says where that is once it has proved to be usable. */
export function openEmbedded(config: Config, print: (text: string) => void): Datastores {
  const directory = dataDirectory(config);
  const datastores = openDatastores({ directory, region: embeddedRegion(config) });
  print(`The data folder: ${directory} (remove it to start over)`);
  return datastores;
}

/** What the embedded HealthImaging is told of the settings, besides its data stores. */
export function bucketsOption({ upstream }: Config): { readonly bucketsDirectory?: string } {
  const { bucketsDirectory } = upstream;
  return bucketsDirectory === undefined ? {} : { bucketsDirectory };
}

/**
 * Imports and tells what came of it: the counts, and every file that was left out with its reason.
 * @throws the signal's reason when it is aborted
 */
export async function importFolders(
  store: Store,
  paths: readonly string[],
  { terminal, print, log, signal, onStopped }: ImportOutput,
): Promise<ImportSummary> {
  const showProgress = progressLine(terminal);
  let progress: ImportProgress = { filesRead: 0, filesLeftOut: 0 };
  try {
    const summary = await importDicom(store, paths, {
      onProgress(soFar) {
        progress = soFar;
        showProgress(soFar);
      },
      ...(signal && { signal }),
    }).finally(showProgress.end);
    for (const line of summaryLines(summary)) print(line);
    // A person has just read the counts.
    if (!terminal) log.info({ ...summary, leftOut: summary.leftOut.length }, 'import done');
    return summary;
  } catch (error) {
    if (signal?.aborted === true) onStopped?.(progress);
    throw error;
  }
}

const progressIntervalMs = { terminal: 200, other: 5_000 } as const;

/** One line that is written over on a terminal, a line now and then elsewhere; on stderr, beside the summary. */
function progressLine(terminal: boolean) {
  const interval = terminal ? progressIntervalMs.terminal : progressIntervalMs.other;
  let shownAt = performance.now();
  let shown = false;
  const show = ({ filesRead, filesLeftOut }: ImportProgress) => {
    if (performance.now() - shownAt < interval) return;
    shownAt = performance.now();
    shown = true;
    const text = `importing: ${counted(filesRead, 'file')} taken, ${filesLeftOut} left out`;
    process.stderr.write(terminal ? `\r\u001b[K${text}` : `${text}\n`);
  };
  show.end = () => {
    if (terminal && shown) process.stderr.write('\r\u001b[K');
  };
  return show;
}

/** Sample image sets for a store that has none: written as DICOM files and imported like any others. */
export async function loadSamples(store: Store, output: ImportOutput): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'healthimaging-samples-'));
  try {
    await writeSamples(directory, new Date());
    output.print('The store is empty: loading synthetic sample image sets.');
    await importFolders(store, [directory], output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The key that seals cursors, kept beside the store so that they outlive a restart.
 * @throws {StoreError} for a file that holds no key
 */
export async function keptCursorKey(config: Config): Promise<Buffer> {
  const path = join(dataDirectory(config), 'cursor.key');
  try {
    await writeFile(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = await readFile(path);
  if (key.length === 32) return key;
  throw new StoreError('Expected 32 bytes in cursor.key. Remove the file to have a new one made.');
}
