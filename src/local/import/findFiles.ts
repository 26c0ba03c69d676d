import { isUtf8 } from 'node:buffer';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Names of files are bytes, which need not be text in UTF-8: those that are not, are kept as they are. */
export type FilePath = string | Buffer;

/** A file that is not in the store. */
export interface LeftOut {
  readonly path: string;
  /** What was expected, or what the system said. Never a value of the file. */
  readonly reason: string;
  /** Whether it may hold an instance: false for a file that is not DICOM at all and for a DICOMDIR. */
  readonly failed: boolean;
}

export type Found = { readonly path: FilePath } | LeftOut;

/**
 * The files at the paths and below them, at any depth, in an order that depends on their names alone. Symbolic links are followed,
 * but no folder is entered twice.
 */
export async function* findFiles(
  paths: readonly FilePath[],
  entered = new Set<string>(),
): AsyncGenerator<Found> {
  for (const path of paths) {
    try {
      const { dev, ino, ...stats } = await statOf(path);
      if (stats.isFile) yield { path };
      else if (!stats.isDirectory)
        yield { path: pathText(path), reason: 'Expected a file or a folder.', failed: false };
      else if (!entered.has(`${dev}:${ino}`)) {
        entered.add(`${dev}:${ino}`);
        yield* findFiles(await entriesOf(path), entered);
      }
    } catch (error) {
      yield { path: pathText(path), reason: systemReason(error), failed: true };
    }
  }
}

/** Whether it is a file or a folder that this user may read; what is below a folder may still not be readable. */
export async function isReadable(path: string): Promise<boolean> {
  try {
    const { isFile, isDirectory } = await statOf(path);
    await access(path, isDirectory ? constants.R_OK | constants.X_OK : constants.R_OK);
    return isFile || isDirectory;
  } catch {
    return false;
  }
}

async function statOf(path: FilePath) {
  const stats = await stat(path, { bigint: true });
  return { dev: stats.dev, ino: stats.ino, isFile: stats.isFile(), isDirectory: stats.isDirectory() };
}

async function entriesOf(folder: FilePath): Promise<FilePath[]> {
  const names = await readdir(folder, { encoding: 'buffer' });
  return names.sort((one, other) => one.compare(other)).map((name) => pathOf(folder, name));
}

function pathOf(folder: FilePath, name: Buffer): FilePath {
  if (typeof folder === 'string' && isUtf8(name)) return join(folder, name.toString());
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), name]);
}

/** For people to read; bytes that are no text are shown as U+FFFD. */
export function pathText(path: FilePath): string {
  return typeof path === 'string' ? path : path.toString();
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'Expected a file or a folder, but there is none.',
  EACCES: 'Expected permission to read.',
  EPERM: 'Expected permission to read.',
  ELOOP: 'Expected a link that leads to a file or a folder.',
  EIO: 'Expected a disk that can be read: it reported an error.',
};

/**
 * The reason for a file system error, without its message, which has the path in it.
 * @throws any other error
 */
export function systemReason(error: unknown): string {
  // Not `instanceof`: under Jest the system's errors come from another realm.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') throw error;
  return reasons[code] ?? `Expected to be able to read it, but the system reported ${code}.`;
}
