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
}

/** Checks a whole file, a few lines in memory at a time. A last line that is torn, and so not marked yet, does not fit. */
export async function verifyChainFile(path: string, key: Buffer | undefined): Promise<VerifiedChain> {
  const head = await readHead(path);
  const seen = { head: false };
  const compare = (end: ChainEnd) => {
    if (typeof head === 'object' && end.sequence === head.sequence) seen.head = end.hash === head.hash;
  };
  const check = createChainCheck(key, compare);
  let rest = '';
  for await (const chunk of createReadStream(path, 'latin1') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) check.take(line);
  }
  if (rest !== '') check.take(rest);
  const opening = check.opening();
  if (opening !== undefined) compare(opening);
  return {
    opening,
    end: check.end(),
    // A last line without its line end may be torn anywhere, even where its remains fit.
    badLine: check.fault() ?? (rest === '' ? undefined : check.lines()),
    head: head === 'absent' ? 'absent' : seen.head ? 'fits' : 'does not fit',
    tornLines: check.tornLines(),
  };
}
