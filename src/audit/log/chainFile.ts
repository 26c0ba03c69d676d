import { constants, fstatSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import {
  chainStart,
  createChainCheck,
  follows,
  nextLine,
  readLine,
  tornMark,
  writtenLine,
  writtenOpening,
  type ChainEnd,
} from './chain.ts';
import { openHead, readHead, type ChainHead } from './chainHead.ts';

/** The end of a file does not fit its chain; appending to it would hide that. */
export class BrokenChainError extends Error {
  constructor() {
    super('The end of the audit file does not fit its chain, or was made with another key.');
    this.name = 'BrokenChainError';
  }
}

/** An open file of a chain. Calls must not overlap. */
export interface ChainFile {
  /** Resolves when all texts are on disk. After a rejection, close it: only opening it again finds out what is on disk. */
  readonly append: (texts: readonly string[]) => Promise<void>;
  /** Whether the path still leads to this file: an operator may have moved it, to rotate it. */
  readonly isInPlace: () => boolean;
  readonly end: () => ChainEnd;
  readonly close: () => Promise<void>;
}

/** How much of the end of a file is checked when it is opened; `verify-audit` checks all of it. */
const checkedBytes = 4 * 1024 * 1024;

/**
 * Opens a file of a chain, or creates it, to append at its end.
 * @param from the end that a new file continues, where the one before it was moved away
 * @throws {BrokenChainError} and errors of the file system
 */
export async function openChainFile(
  path: string,
  key: Buffer | undefined,
  from?: ChainEnd,
): Promise<ChainFile> {
  const release = lockFile(path);
  let handle: FileHandle | undefined;
  let head: ChainHead | undefined;
  try {
    handle = await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_RDWR, 0o600);
    const found = await readEnd(handle, path, { key, from });
    head = await openHead(path);
    if (found.isNew) await head.write(found.end);
    return chainFile(path, { handle, head, release, key }, found);
  } catch (error) {
    await head?.close();
    await handle?.close();
    release();
    throw error;
  }
}

interface FoundEnd {
  readonly end: ChainEnd;
  /** To be written before the first line: the opening of a new file, or the line end that a torn line lacks. */
  readonly before: string;
  /** Text of the first line, where a torn line has to be marked. */
  readonly mark: string | undefined;
  readonly isNew: boolean;
}

async function readEnd(
  handle: FileHandle,
  path: string,
  { key, from }: { readonly key: Buffer | undefined; readonly from: ChainEnd | undefined },
): Promise<FoundEnd> {
  const head = await readHead(path);
  const { lines, rest, isWhole } = await lastLines(handle);
  if (isWhole && lines.length === 0) {
    if (head === 'unreadable') throw new BrokenChainError();
    // The file before it was moved away or removed: the opening of the new one says what it continues.
    return newEnd(rest, from ?? (head === 'absent' ? chainStart : head));
  }
  const seen = { head: false };
  const compare = (line: ChainEnd) => {
    if (typeof head === 'object' && line.sequence === head.sequence) seen.head = line.hash === head.hash;
  };
  const check = createChainCheck(key, compare, isWhole ? undefined : readLine(lines.shift() ?? ''));
  for (const line of lines) check.take(line);
  const opening = check.opening();
  if (opening !== undefined) compare(opening);
  const end = check.end();
  if (end === undefined || check.fault() !== undefined || !seen.head) throw new BrokenChainError();
  if (rest === '') return { end, before: '', mark: undefined, isNew: false };
  // Torn just before its line end, or anywhere else.
  const whole = follows(end, rest, key);
  return whole === undefined
    ? { end, before: '\n', mark: tornMark(rest), isNew: false }
    : { end: whole, before: '\n', mark: undefined, isNew: false };
}

async function lastLines(handle: FileHandle) {
  const { size } = await handle.stat();
  const start = Math.max(0, size - checkedBytes);
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = size === 0 ? { bytesRead: 0 } : await handle.read(buffer, 0, buffer.length, start);
  const lines = buffer.toString('latin1', 0, bytesRead).split('\n');
  const rest = lines.pop() ?? '';
  // The first line is incomplete where the file is longer.
  if (start > 0) lines.shift();
  return { lines, rest, isWhole: start === 0 };
}

/** Of a file without a complete line: it is empty, or has a part of its opening, torn by a crash. */
function newEnd(rest: string, from: ChainEnd): FoundEnd {
  const opening = writtenOpening(from);
  if (!opening.startsWith(rest)) throw new BrokenChainError();
  return { end: from, before: opening.slice(rest.length), mark: undefined, isNew: true };
}

interface OpenFiles {
  readonly handle: FileHandle;
  readonly head: ChainHead;
  readonly release: () => void;
  readonly key: Buffer | undefined;
}

function chainFile(path: string, files: OpenFiles, found: FoundEnd): ChainFile {
  const { handle, head, release, key } = files;
  let { end, before, mark } = found;
  return {
    async append(texts) {
      const isNew = found.isNew && before !== '';
      let written = before;
      let last = end;
      for (const text of mark === undefined ? texts : [mark, ...texts]) {
        const line = nextLine(last, Buffer.from(text).toString('latin1'), key);
        written += writtenLine(line);
        last = line;
      }
      const bytes = Buffer.from(written, 'latin1');
      const { bytesWritten } = await handle.write(bytes);
      if (bytesWritten < bytes.length) throw new Error('Only a part of the audit events was written.');
      await handle.datasync();
      if (isNew) await syncFolder(path);
      end = { sequence: last.sequence, hash: last.hash };
      [before, mark] = ['', undefined];
      await head.write(end);
    },
    isInPlace() {
      // What the system knows without the disk: it takes a tenth of what waiting for another thread does.
      const open = fstatSync(handle.fd);
      const named = statOf(path);
      return named?.ino === open.ino && named.dev === open.dev;
    },
    end: () => end,
    async close() {
      await handle.close();
      await head.close();
      release();
    },
  };
}

/** Undefined where there is none, or it cannot be looked at. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The name of a new file is on disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), constants.O_RDONLY);
  await folder.sync().finally(() => folder.close());
}

/**
 * Locks `FILE.lock` for this process, or throws. SQLite's lock is one of the kernel (fcntl), for which Node has no function: it
 * ends with the process, however that ends. A file with a process id would not, and means nothing to another container.
 */
function lockFile(file: string): () => void {
  const database = new DatabaseSync(`${file}.lock`);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return () => database.close();
}
