import { createHash, hash } from 'node:crypto';

import { hmacHex, hmacKey, type HmacKey } from '../../hmac.ts';

/**
 * A chain of lines `NUMBER HASH TEXT`, where the hash is over the hash of the line before, the line's own number and its text.
 * The first line of a file is its opening, which holds no event but the number and hash that the file continues:
 * `healthimaging-graphql-audit 1 NUMBER HASH`, with 0 and zeros in the first file of all.
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
/** Marks the line before it as torn by a crash: its remains stay in the file, and the hash protects them as well. */
const tornForm = /^# torn ([0-9a-f]{64})$/;

export interface ChainLine extends ChainEnd {
  /** An event, or a mark that begins with `# `. */
  readonly text: string;
}

/** @param key 32 bytes, so that only its holder can make a chain; undefined: anybody can */
export function linkHash(
  previous: ChainEnd,
  sequence: number,
  text: string,
  key: Buffer | undefined,
): string {
  const linked = Buffer.from(`${previous.hash} ${sequence} ${text}`, 'latin1');
  return key === undefined ? hash('sha256', linked, 'hex') : hmacHex(ownKey(key), linked);
}

const ownKeys = new WeakMap<Buffer, HmacKey>();

function ownKey(key: Buffer): HmacKey {
  const known = ownKeys.get(key) ?? hmacKey(key);
  ownKeys.set(key, known);
  return known;
}

export function nextLine(previous: ChainEnd, text: string, key: Buffer | undefined): ChainLine {
  const sequence = previous.sequence + 1;
  return { sequence, hash: linkHash(previous, sequence, text, key), text };
}

/** With its line end. */
export function writtenLine({ sequence, hash, text }: ChainLine): string {
  return `${sequence} ${hash} ${text}\n`;
}

export function writtenOpening({ sequence, hash }: ChainEnd): string {
  return `${opening} ${sequence} ${hash}\n`;
}

/** What a file continues; undefined when the line is no opening. */
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

/** The line, where it is the next of the chain. */
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

/** The state of a chain that is checked line by line. */
export interface ChainCheck {
  /** Checks the next line of the file, without its line end, read as latin1: hashes are over bytes, not characters. */
  readonly take: (line: string) => void;
  /** The last line that fits; undefined before an opening. */
  readonly end: () => ChainEnd | undefined;
  readonly opening: () => ChainEnd | undefined;
  /** Number, from 1, of the first line that does not fit; to be called after the last `take`. */
  readonly fault: () => number | undefined;
  /** Lines torn by a crash, each marked by the line after it. */
  readonly tornLines: () => number;
  /** Lines taken so far. */
  readonly lines: () => number;
}

/**
 * @param onLine called with every line that fits
 * @param from the end that the lines continue; left out: the first line is a file's opening
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
