import { createReadStream } from 'node:fs';

import { createChainCheck, type ChainEnd } from './chain.ts';
import { readHead } from './chainHead.ts';

export interface VerifiedChain {
  /** What the file goes on from; undefined when its first line is no opening. */
  readonly opening: ChainEnd | undefined;
  readonly end: ChainEnd | undefined;
  /** Number, from 1, of the first line that does not fit: changed, left out, put in, or out of its place. */
  readonly badLine: number | undefined;
  /** Whether the head agrees; `absent`: there is none, so that a cut end would not be seen. */
  readonly head: 'fits' | 'does not fit' | 'absent';
  /** Lines that a crash cut and that are marked as such. */
  readonly tornLines: number;
}

/** Reads a whole file, in the memory of a few lines. A line that a crash cut at the end, not yet marked, does not fit. */
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
    // A last line without its end may have been cut anywhere, even where what is left fits.
    badLine: check.fault() ?? (rest === '' ? undefined : check.lines()),
    head: head === 'absent' ? 'absent' : seen.head ? 'fits' : 'does not fit',
    tornLines: check.tornLines(),
  };
}
