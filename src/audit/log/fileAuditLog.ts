import type { AuditLog } from './auditLog.ts';
import type { ChainEnd } from './chain.ts';
import { openChainFile, type ChainFile } from './chainFile.ts';

interface Waiting {
  readonly lines: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Marks where events may be missing, after writing failed: responses were refused, or sent without their events. */
const resumedMark = '# resumed';

/**
 * Appends to a chained file. Events that arrive during a flush are written with the next one: one flush serves many requests.
 * When the file is moved away, a new one at its path continues the chain.
 * @throws what `openChainFile` throws, when the file cannot be used from the start
 */
export async function createFileAuditLog(path: string, key: Buffer | undefined): Promise<AuditLog> {
  let file: ChainFile | undefined = await openChainFile(path, key);
  let known: ChainEnd = file.end();
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;
  let failed = false;

  /** The open file; a new one where the path no longer leads to it. */
  async function usableFile(): Promise<ChainFile> {
    if (file !== undefined && !file.isInPlace()) await closeFile();
    file ??= await openChainFile(path, key, known);
    return file;
  }

  async function closeFile(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close();
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const lines = batch.flatMap((each) => each.lines);
    try {
      const open = await usableFile();
      await open.append(failed ? [resumedMark, ...lines] : lines);
      known = open.end();
      failed = false;
    } catch (error) {
      failed = true;
      // Opening it again finds out what reached the disk.
      await closeFile().catch(() => undefined);
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit(batch);
    }
    working = undefined;
  }

  const write = (lines: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ lines, resolve, reject });
      working ??= work();
    });

  return {
    write,
    isWritable: () =>
      failed
        ? write([]).then(
            () => true,
            () => false,
          )
        : Promise.resolve(true),
    async close() {
      await working;
      await closeFile();
    },
  };
}
