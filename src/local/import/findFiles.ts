import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface LeftOut {
  readonly path: string;
  /** What was expected, or why the system refused. Never a value of the file. */
  readonly reason: string;
  /** Whether it may have held an instance: false for what is no DICOM file at all and for a directory of files (DICOMDIR). */
  readonly failed: boolean;
}

export type Found = { readonly path: string } | LeftOut;

/**
 * The files at and below the paths, at any depth, in an order that depends on names only. Links are followed, but no folder is
 * entered twice.
 */
export async function* findFiles(
  paths: readonly string[],
  entered = new Set<string>(),
): AsyncGenerator<Found> {
  for (const path of paths) {
    try {
      const { dev, ino, ...stats } = await statOf(path);
      if (stats.isFile) yield { path };
      else if (!stats.isDirectory) yield { path, reason: 'Expected a file or a folder.', failed: false };
      else if (!entered.has(`${dev}:${ino}`)) {
        entered.add(`${dev}:${ino}`);
        yield* findFiles(await entriesOf(path), entered);
      }
    } catch (error) {
      yield { path, reason: systemReason(error), failed: true };
    }
  }
}

async function statOf(path: string) {
  const stats = await stat(path, { bigint: true });
  return { dev: stats.dev, ino: stats.ino, isFile: stats.isFile(), isDirectory: stats.isDirectory() };
}

async function entriesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) names.push(name);
  return names.sort().map((name) => join(folder, name));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'Expected a file or a folder, but there is none.',
  EACCES: 'Expected permission to read.',
  EPERM: 'Expected permission to read.',
  ELOOP: 'Expected a link that leads to a file or a folder.',
  EIO: 'Expected a medium without faults.',
};

/** A system error without its message, which has the path in it. */
export function systemReason(error: unknown): string {
  // By shape: the system's errors may come from another realm, where `instanceof` does not reach.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') throw error;
  return reasons[code] ?? `Expected to be able to read it, but the system said ${code}.`;
}
