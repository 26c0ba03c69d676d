import { open, readFile, type FileHandle } from 'node:fs/promises';

import type { ChainEnd } from './chain.ts';
import { systemErrorCode } from '../../errors.ts';

/** Where the sidecar of a chain is: it says how far the chain reached, so that a cut end is found. */
export function headPath(file: string): string {
  return `${file}.head`;
}

const headForm = /^(\d{15}) ([0-9a-f]{64})\n$/;

/** @returns 'unreadable' when what is there is not of the form that is written here */
export async function readHead(file: string): Promise<ChainEnd | 'absent' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(headPath(file), 'latin1');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
  const [, sequence, hash] = headForm.exec(text) ?? [];
  // Empty: made, and not written before a crash, which is before any line of the chain.
  if (text === '') return 'absent';
  return sequence === undefined || hash === undefined ? 'unreadable' : { sequence: Number(sequence), hash };
}

export interface ChainHead {
  /** After the lines are on disk, so that the head is never ahead of them. */
  readonly write: (end: ChainEnd) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Always of one length, so that one write in place changes it as a whole. */
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
