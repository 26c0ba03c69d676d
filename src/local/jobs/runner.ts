import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { sqliteCode } from '../store/storeError.ts';

/** SQLITE_BUSY. */
const busy = 5;

/**
 * A process that runs jobs, as other processes can see it: it holds a lock on a file of its own, which the system lets go when the
 * process ends, however it ends. No clock and no process number is needed, neither of which can be relied on.
 */
export class Runner {
  readonly id = randomUUID();
  readonly #directory: string;
  readonly #lock: DatabaseSync | undefined;

  /** @param directory the data folder; `:memory:`, where no other process can see anything */
  constructor(directory: string) {
    this.#directory = directory;
    if (directory === ':memory:') return;
    mkdirSync(join(directory, 'runners'), { recursive: true, mode: 0o700 });
    const path = pathOf(directory, this.id);
    this.#lock = lockOn(path);
    chmodSync(path, 0o600);
  }

  close(): void {
    this.#lock?.close();
    if (this.#lock !== undefined) rmSync(pathOf(this.#directory, this.id), { force: true });
  }
}

/** Whether the process still runs that an ID was given to. What one that is gone has left is removed. */
export function isRunning(directory: string, id: string): boolean {
  if (directory === ':memory:') return true;
  const path = pathOf(directory, id);
  if (!existsSync(path)) return false;
  try {
    lockOn(path).close();
  } catch (error) {
    if (sqliteCode(error) === busy) return true;
    throw error;
  }
  rmSync(path, { force: true });
  return false;
}

function pathOf(directory: string, id: string): string {
  return join(directory, 'runners', `${id}.lock`);
}

/** @throws where another has it */
function lockOn(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
