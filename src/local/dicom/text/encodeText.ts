import { registrationsOf } from './characterSets.ts';
import { singleByteSets } from './singleByteSets.ts';

/** Turns Unicode into bytes of a Specific Character Set. Throws RangeError for a character that the set does not have. */
export type EncodeText = (text: string) => Buffer;

const escape = '\u001b';

/** A set of two bytes a character, as PS3.5 6.1.2.4 switches to it. */
interface TwoByteSet {
  readonly encoding: string;
  readonly escape: string;
  /** Without the high bit: such a set takes the place of ASCII until that is switched back to. */
  readonly sevenBit: boolean;
}

const twoByteSets = new Map<string, TwoByteSet>([
  ['87', { encoding: 'euc-jp', escape: `${escape}$B`, sevenBit: true }],
  ['149', { encoding: 'euc-kr', escape: `${escape}$)C`, sevenBit: false }],
  ['58', { encoding: 'gbk', escape: `${escape}$)A`, sevenBit: false }],
]);

/** The platform decodes but does not encode; a set of 94 by 94 characters is turned round in a few milliseconds. */
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

/** @param terms the text of (0008,0005), as `characterSetOf` takes it */
export function encoderOf(terms: string): EncodeText {
  const [first = '6', ...extensions] = registrationsOf(terms);
  if (first === '192') return (text) => Buffer.from(text, 'utf8');
  // Of GB18030 the part that GB 2312 has, which is every character of everyday names.
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

/** Every delimiter puts the initial set back (PS3.5 6.1.2.5.3), so each stretch between two switches anew. */
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
