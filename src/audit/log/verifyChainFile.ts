import { createReadStream } from 'node:fs';

import { createChainCheck, type ChainEnd } from './chain.ts';
import { readHead } from './chainHead.ts';

export interface VerifiedChain {
  /** What the file continues; undefined when its first line is no opening. */
  readonly opening: ChainEnd | undefined;
  readonly end: ChainEnd | undefined;
  /** Number, from 1, of the first line that does not fit: it was changed, inserted or moved, or one before it removed. */
  readonly badLine: number | undefined;
  /** Whether the head fits the end; `absent`: there is no head, and lines removed at the end would not be missed. */
  readonly head: 'fits' | 'does not fit' | 'absent';
  /** Lines torn by a crash, and marked as such. */
  readonly tornLines: number;
  /** Whether the last line has no line end: a crash has cut it, and the file was not opened again since. */
  readonly isCut: boolean;
  /** Hashes of the last lines that fit, by number: where the next file may go on. */
  readonly recent: ReadonlyMap<number, string>;
}

/** More than one batch of events ever has: those that a crash kept the head from being told of. */
const rememberedLines = 100_000;

/**
 * Whether a file goes on where the one before it, which was moved away, ends. After a crash the file may be ahead of its head,
 * and what is ahead was never confirmed: the next file then goes on from the head.
 */
export function goesOn({ recent }: VerifiedChain, { opening }: VerifiedChain): boolean {
  return opening === undefined || recent.get(opening.sequence) === opening.hash;
}

/** Checks a whole file, a few lines in memory at a time. */
export async function verifyChainFile(path: string, key: Buffer | undefined): Promise<VerifiedChain> {
  const head = await readHead(path);
  const seen = { head: false };
  const recent = new Map<number, string>();
  const compare = (end: ChainEnd) => {
    recent.set(end.sequence, end.hash);
    recent.delete(end.sequence - rememberedLines);
    if (typeof head === 'object' && end.sequence === head.sequence) seen.head = end.hash === head.hash;
  };
  const check = createChainCheck(key, compare);
  let rest = '';
  for await (const chunk of createReadStream(path, 'latin1') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) check.take(line);
  }
  const badLine = check.fault();
  // The remains of a line may be a whole one that lacks its line end only.
  if (rest !== '') check.take(rest);
  const opening = check.opening();
  if (opening !== undefined) compare(opening);
  return {
    opening,
    end: check.end(),
    badLine,
    head: head === 'absent' ? 'absent' : seen.head ? 'fits' : 'does not fit',
    tornLines: check.tornLines(),
    isCut: rest !== '',
    recent,
  };
}
