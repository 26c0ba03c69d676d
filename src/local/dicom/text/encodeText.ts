import { registrationsOf } from './characterSets.ts';
import { singleByteSets } from './singleByteSets.ts';

/**
 * Encodes text in a Specific Character Set.
 * @throws RangeError for a character that the set does not have
 */
export type EncodeText = (text: string) => Buffer;

const escape = '\u001b';

/** A set with two bytes per character, selected by an escape (PS3.5 6.1.2.4). */
interface TwoByteSet {
  readonly encoding: string;
  readonly escape: string;
  /** Whether its bytes have no high bit. Such a set replaces ASCII until an escape selects ASCII again. */
  readonly sevenBit: boolean;
}

const twoByteSets = new Map<string, TwoByteSet>([
  ['87', { encoding: 'euc-jp', escape: `${escape}$B`, sevenBit: true }],
  ['149', { encoding: 'euc-kr', escape: `${escape}$)C`, sevenBit: false }],
  ['58', { encoding: 'gbk', escape: `${escape}$)A`, sevenBit: false }],
]);

/** Node decodes these sets but does not encode them. Reversing 94 by 94 characters takes a few milliseconds. */
function reverseTwoByte(encoding: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding);
  const codes = new Map<string, number>();
  for (let row = 0xa1; row <= 0xfe; row += 1) {
    for (let cell = 0xa1; cell <= 0xfe; cell += 1) {
      const character = decoder.decode(Uint8Array.of(row, cell));
      if (!character.includes('\uFFFD') && !codes.has(character)) codes.set(character, row * 256 + cell);
    }
  }
  return codes;
}

function reverseSingleByte(registration: string): ReadonlyMap<string, number> {
  const decode = singleByteSets.get(registration);
  if (decode === undefined)
    throw new RangeError('Expected a Specific Character Set that text can be written in.');
  const codes = Array.from({ length: 256 }, (_, code): [string, number] => [decode(Buffer.of(code)), code]);
  return new Map(codes.filter(([character]) => character !== '\uFFFD'));
}

const reversed = new Map<string, ReadonlyMap<string, number>>();

function once(name: string, build: () => ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const known = reversed.get(name) ?? build();
  reversed.set(name, known);
  return known;
}

/** @param terms the text of (0008,0005), as for `characterSetOf` */
export function encoderOf(terms: string): EncodeText {
  const [first = '6', ...extensions] = registrationsOf(terms);
  if (first === '192') return (text) => Buffer.from(text, 'utf8');
  // Only the GB 2312 part of GB18030, which has all characters of common names.
  if (first === 'GB18030' || first === 'GBK') return (text) => encodeMixed(text, twoByteCodes('gbk'));
  const base = once(first, () => reverseSingleByte(first));
  const extension = extensions.map((name) => twoByteSets.get(name)).find((set) => set !== undefined);
  if (extension === undefined) return (text) => Buffer.from(Array.from(text, (one) => codeIn(base, one)));
  return (text) => encodeWithEscapes(text, base, extension);
}

function twoByteCodes(encoding: string): ReadonlyMap<string, number> {
  return once(encoding, () => reverseTwoByte(encoding));
}

function codeIn(codes: ReadonlyMap<string, number>, character: string): number {
  const code = codes.get(character);
  if (code === undefined) throw new RangeError('Expected text of its Specific Character Set only.');
  return code;
}

function encodeMixed(text: string, codes: ReadonlyMap<string, number>): Buffer {
  return Buffer.from(
    Array.from(text, (one) => {
      if (one < '\u0080') return [one.charCodeAt(0)];
      const code = codeIn(codes, one);
      return [code >> 8, code & 0xff];
    }).flat(),
  );
}

/** Every delimiter restores the initial set (PS3.5 6.1.2.5.3), so each run between two delimiters needs its own escapes. */
function encodeWithEscapes(text: string, base: ReadonlyMap<string, number>, set: TwoByteSet): Buffer {
  const stretches = text.split(/(?<=[\^=\\\t\n\f\r])|(?=[\^=\\\t\n\f\r])/);
  return Buffer.concat(stretches.map((stretch) => encodeStretch(stretch, base, set)));
}

function encodeStretch(stretch: string, base: ReadonlyMap<string, number>, set: TwoByteSet): Buffer {
  const codes = twoByteCodes(set.encoding);
  const back = set.sevenBit ? `${escape}(B` : '';
  let written = '';
  let state: 'initial' | 'switched' | 'ascii' = 'initial';
  for (const one of stretch) {
    const plain = base.get(one);
    if (plain !== undefined) {
      if (state === 'switched') written += back;
      state = state === 'switched' && set.sevenBit ? 'ascii' : state;
      written += String.fromCharCode(plain);
      continue;
    }
    if (state !== 'switched') written += set.escape;
    state = 'switched';
    const code = codeIn(codes, one) & (set.sevenBit ? 0x7f7f : 0xffff);
    written += String.fromCharCode(code >> 8, code & 0xff);
  }
  return Buffer.from(state === 'switched' ? written + back : written, 'latin1');
}
