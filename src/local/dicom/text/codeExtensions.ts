import { latin1, singleByteSets, strictly, type Decode } from './singleByteSets.ts';

/** The kind of text, which says at which delimiters code extensions fall back to the initial sets (PS3.5 6.1.2.5.3). */
export type TextKind = 'personName' | 'extended' | 'block';

/** The sets that apply to bytes without the high bit (`left`) and with it (`right`). */
export interface Designation {
  readonly left: LeftSet;
  readonly right: RightSet;
}

interface LeftSet {
  readonly bytesPerCharacter: 1 | 2;
  readonly decode: Decode;
}

interface RightSet {
  readonly decode: Decode;
  /** Whether it is Shift JIS, where the byte after a lead byte belongs to it even without the high bit. */
  readonly shifted?: boolean;
}

const eucJp = strictly('euc-jp');

const ascii: LeftSet = { bytesPerCharacter: 1, decode: latin1 };

/** JIS X 0208 in seven bits is EUC-JP without the high bits. */
const jisX0208: LeftSet = {
  bytesPerCharacter: 2,
  decode: (bytes, onInvalid) => eucJp(Buffer.from(bytes.map((byte) => byte | 0x80)), onInvalid),
};

/** JIS X 0212 is the third set of EUC-JP, selected by a byte 8F before each character. */
const jisX0212: LeftSet = {
  bytesPerCharacter: 2,
  decode(bytes, onInvalid) {
    const extended = Buffer.alloc((bytes.length / 2) * 3, 0x8f);
    for (const [index, byte] of bytes.entries()) {
      extended[Math.floor(index / 2) * 3 + 1 + (index % 2)] = byte | 0x80;
    }
    return eucJp(extended, onInvalid);
  },
};

const kanaOrShiftJis: RightSet = { decode: strictly('shift_jis'), shifted: true };
const ksX1001: RightSet = { decode: strictly('euc-kr') };
const gb2312: RightSet = { decode: strictly('gbk') };

function rightSet(registration: string): RightSet {
  return { decode: singleByteSets.get(registration) ?? latin1 };
}

/** What follows ESC, and the set it selects (PS3.3 tables C.12-3 and C.12-4). */
const escapes: [string, Partial<Designation>][] = [
  ['(B', { left: ascii }],
  // ISO-IR 14 is ASCII except for the yen sign and the overline, which in files mean backslash and tilde.
  ['(J', { left: ascii }],
  [')I', { right: kanaOrShiftJis }],
  ['-A', { right: rightSet('100') }],
  ['-B', { right: rightSet('101') }],
  ['-C', { right: rightSet('109') }],
  ['-D', { right: rightSet('110') }],
  ['-F', { right: rightSet('126') }],
  ['-G', { right: rightSet('127') }],
  ['-H', { right: rightSet('138') }],
  ['-L', { right: rightSet('144') }],
  ['-M', { right: rightSet('148') }],
  ['-T', { right: rightSet('166') }],
  ['-b', { right: rightSet('203') }],
  ['$@', { left: jisX0208 }],
  ['$B', { left: jisX0208 }],
  ['$(D', { left: jisX0212 }],
  ['$)C', { right: ksX1001 }],
  ['$)A', { right: gb2312 }],
];

/** The sets before any escape, when the given one is the first value of (0008,0005). */
export function initialDesignation(registration: string): Designation {
  const rights: Record<string, RightSet> = { 13: kanaOrShiftJis, 149: ksX1001, 58: gb2312 };
  return { left: ascii, right: rights[registration] ?? rightSet(registration) };
}

export const escapeByte = 0x1b;

const backslash = 0x5c;
const delimitersOfNames: ReadonlySet<number> = new Set([0x5e, 0x3d, backslash]);
/** Tab, line feed, form feed, carriage return. */
const delimitersOfText: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d]);
const delimitersOfValues: ReadonlySet<number> = new Set([...delimitersOfText, backslash]);

const delimitersOf: Record<TextKind, ReadonlySet<number>> = {
  personName: delimitersOfNames,
  extended: delimitersOfValues,
  block: delimitersOfText,
};

/** Decodes text with ISO 2022 escapes (PS3.5 6.1.2.4). Escapes that the standard does not have stay as they are. */
export function decodeWithEscapes(
  bytes: Buffer,
  initial: Designation,
  { kind, onInvalid }: { readonly kind: TextKind; readonly onInvalid?: (() => void) | undefined },
): string {
  const delimiters = delimitersOf[kind];
  let current = initial;
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const escape = escapeAt(bytes, index);
    if (escape !== undefined) {
      current = { ...current, ...escape[1] };
      index += 1 + escape[0].length;
      continue;
    }
    const byte = bytes[index] ?? 0;
    const end = runEnd(bytes, index, current, delimiters);
    const run = bytes.subarray(index, end);
    if (byte >= 0x80) text += current.right.decode(run, onInvalid);
    else if (isPaired(current, byte)) text += pairedText(run, current, onInvalid);
    else {
      text += latin1(run);
      if (delimiters.has(byte)) current = initial;
    }
    index = end;
  }
  return text;
}

/** Half a character is kept as it is. */
function pairedText(run: Buffer, { left }: Designation, onInvalid: (() => void) | undefined): string {
  if (run.length % 2 === 0) return left.decode(run, onInvalid);
  onInvalid?.();
  return latin1(run);
}

function escapeAt(bytes: Buffer, index: number): [string, Partial<Designation>] | undefined {
  if (bytes[index] !== escapeByte) return undefined;
  return escapes.find(([code]) => bytes.toString('latin1', index + 1, index + 1 + code.length) === code);
}

/** Control characters and the space are the same in every set. */
function isPaired({ left }: Designation, byte: number): boolean {
  return left.bytesPerCharacter === 2 && byte > 0x20 && byte < 0x7f;
}

/** The end of the run that one decoder takes; a delimiter is a run of its own. */
function runEnd(bytes: Buffer, start: number, current: Designation, delimiters: ReadonlySet<number>): number {
  const first = bytes[start] ?? 0;
  if (first >= 0x80) return rightRunEnd(bytes, start, current.right.shifted === true);
  if (isPaired(current, first)) return pairedRunEnd(bytes, start, current);
  if (delimiters.has(first)) return start + 1;
  let end = start + 1;
  while (end < bytes.length) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x80 || byte === escapeByte || delimiters.has(byte) || isPaired(current, byte)) break;
    end += 1;
  }
  return end;
}

function rightRunEnd(bytes: Buffer, start: number, shifted: boolean): number {
  let end = start;
  while (end < bytes.length) {
    const byte = bytes[end] ?? 0;
    if (byte < 0x80) break;
    end += shifted && isShiftJisLead(byte) ? 2 : 1;
  }
  return Math.min(end, bytes.length);
}

function isShiftJisLead(byte: number): boolean {
  return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
}

function pairedRunEnd(bytes: Buffer, start: number, current: Designation): number {
  let end = start;
  while (
    end + 1 < bytes.length &&
    isPaired(current, bytes[end] ?? 0) &&
    isPaired(current, bytes[end + 1] ?? 0)
  ) {
    end += 2;
  }
  // Half a character becomes a run of its own, shown as U+FFFD, so that it does not shift what follows.
  return end === start ? start + 1 : end;
}
