import { open, readFile, type FileHandle } from 'node:fs/promises';

import { systemErrorCode } from '../../errors.ts';
import type { ChainEnd } from './chain.ts';

/** The file beside a chain that holds the end of the chain: without it, lines removed at the end would not be missed. */
export function headPath(file: string): string {
  return `${file}.head`;
}

const headForm = /^(\d{15}) ([0-9a-f]{64})\n$/;

/** @returns 'unreadable' for a file that was not written here */
export async function readHead(file: string): Promise<ChainEnd | 'absent' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(headPath(file), 'latin1');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
  const [, sequence, hash] = headForm.exec(text) ?? [];
  // Empty where a crash came between its creation and its first write: then the chain has no line yet.
  if (text === '') return 'absent';
  return sequence === undefined || hash === undefined ? 'unreadable' : { sequence: Number(sequence), hash };
}

export interface ChainHead {
  /** To be called once the lines are on disk, so that the head is never ahead of them. */
  readonly write: (end: ChainEnd) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Its length never changes, so that one write replaces all of it. */
export async function openHead(file: string): Promise<ChainHead> {
  const handle: FileHandle = await open(headPath(file), 'a+', 0o600).then(async (made) => {
    await made.close();
    return open(headPath(file), 'r+');
  });
  return {
    async write({ sequence, hash }) {
      await handle.write(`${String(sequence).padStart(15, '0')} ${hash}\n`, 0, 'latin1');
    },
    close: () => handle.close(),
  };
}
