import { createHash, createHmac } from 'node:crypto';

/**
 * A chain of lines, each of which holds its number, and a hash over the hash of the line before, its own number and its
 * text: `NUMBER HASH TEXT`. The first line of a file is no event but says what the file goes on from:
 * `healthimaging-graphql-audit 1 NUMBER HASH`, with number 0 and zeros for the first file of all.
 */
export interface ChainEnd {
  readonly sequence: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

export const chainStart: ChainEnd = { sequence: 0, hash: '0'.repeat(64) };

const opening = 'healthimaging-graphql-audit 1';
const openingForm = /^healthimaging-graphql-audit 1 (0|[1-9]\d{0,14}) ([0-9a-f]{64})$/;
const lineForm = /^([1-9]\d{0,14}) ([0-9a-f]{64}) ([^\n]+)$/;
/** Follows a line that a crash cut: what is left of it stays in the file, and cannot be changed unseen any more. */
const tornForm = /^# torn ([0-9a-f]{64})$/;

export interface ChainLine extends ChainEnd {
  /** An event, or a mark that begins with `# `. */
  readonly text: string;
}

/** @param key 32 bytes: without it only who holds the key can make a chain; undefined: anybody can */
export function linkHash(
  previous: ChainEnd,
  sequence: number,
  text: string,
  key: Buffer | undefined,
): string {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return hash.update(`${previous.hash} ${sequence} `).update(text, 'latin1').digest('hex');
}

export function nextLine(previous: ChainEnd, text: string, key: Buffer | undefined): ChainLine {
  const sequence = previous.sequence + 1;
  return { sequence, hash: linkHash(previous, sequence, text, key), text };
}

/** With the line's end. */
export function writtenLine({ sequence, hash, text }: ChainLine): string {
  return `${sequence} ${hash} ${text}\n`;
}

export function writtenOpening({ sequence, hash }: ChainEnd): string {
  return `${opening} ${sequence} ${hash}\n`;
}

/** What a file goes on from; undefined when the line is no opening. */
export function readOpening(line: string): ChainEnd | undefined {
  const [, sequence, hash] = openingForm.exec(line) ?? [];
  return sequence === undefined || hash === undefined ? undefined : { sequence: Number(sequence), hash };
}

export function readLine(line: string): ChainLine | undefined {
  const [, sequence, hash, text] = lineForm.exec(line) ?? [];
  return sequence === undefined || hash === undefined || text === undefined
    ? undefined
    : { sequence: Number(sequence), hash, text };
}

/** The line if it is the one that follows. */
export function follows(previous: ChainEnd, line: string, key: Buffer | undefined): ChainLine | undefined {
  const read = readLine(line);
  if (read?.sequence !== previous.sequence + 1) return undefined;
  return read.hash === linkHash(previous, read.sequence, read.text, key) ? read : undefined;
}

export function tornMark(torn: string): string {
  return `# torn ${createHash('sha256').update(torn, 'latin1').digest('hex')}`;
}

export function marksTorn(text: string, torn: string): boolean {
  return tornForm.test(text) && text === tornMark(torn);
}

/** Where a chain stands, line by line; `fault` is the number of the first line, from 1, that does not fit. */
export interface ChainCheck {
  /** Takes the next line of the file, without its end, as latin1: the bytes themselves count, not what they mean. */
  readonly take: (line: string) => void;
  /** The last line that fits; undefined while there was no opening. */
  readonly end: () => ChainEnd | undefined;
  readonly opening: () => ChainEnd | undefined;
  /** Call it when all lines were taken. */
  readonly fault: () => number | undefined;
  /** Lines that a crash cut, each kept and marked by the line behind it. */
  readonly tornLines: () => number;
  /** How many were taken. */
  readonly lines: () => number;
}

/**
 * Checks lines in turn.
 * @param onLine told of every line that fits
 * @param from where the lines go on; left out: they begin with a file's opening
 */
export function createChainCheck(
  key: Buffer | undefined,
  onLine?: (line: ChainLine) => void,
  from?: ChainEnd,
): ChainCheck {
  let end = from;
  let opened: ChainEnd | undefined;
  let fault: number | undefined;
  let torn: { readonly line: string; readonly number: number } | undefined;
  let tornLines = 0;
  let number = 0;
  return {
    take(line) {
      number += 1;
      if (fault !== undefined) return;
      if (end === undefined) {
        opened = end = readOpening(line);
        if (end === undefined) fault = number;
        return;
      }
      const next = follows(end, line, key);
      if (torn !== undefined) {
        if (next === undefined || !marksTorn(next.text, torn.line)) fault = torn.number;
        else tornLines += 1;
        torn = undefined;
      } else if (next === undefined) torn = { line, number };
      else if (tornForm.test(next.text)) fault = number;
      if (next === undefined || fault !== undefined) return;
      end = next;
      onLine?.(next);
    },
    end: () => end,
    opening: () => opened,
    fault: () => fault ?? torn?.number ?? (end === undefined ? 1 : undefined),
    tornLines: () => tornLines,
    lines: () => number,
  };
}
