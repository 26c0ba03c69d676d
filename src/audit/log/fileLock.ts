import { DatabaseSync } from 'node:sqlite';

/**
 * Holds `FILE.lock` for this process alone, or throws. SQLite's lock is the kernel's own (fcntl): it ends with the process,
 * however that ends, which no file with a process id in it does, least of all between containers. Node itself has none.
 */
export function lockFile(file: string): () => void {
  const database = new DatabaseSync(`${file}.lock`);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return () => database.close();
}
