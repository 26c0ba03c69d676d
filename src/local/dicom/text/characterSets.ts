import {
  decodeWithEscapes,
  escapeByte,
  initialDesignation,
  type Designation,
  type TextKind,
} from './codeExtensions.ts';
import { latin1, type Decode } from './singleByteSets.ts';

/** Decodes text of one Specific Character Set (0008,0005). */
export type CharacterSet = (bytes: Buffer, kind: TextKind) => string;

const knownRegistrations = /^(?:6|13|58|87|100|101|109|110|126|127|138|144|148|149|159|166|192|203)$/;

/** Sets that can only be used alone (PS3.3 C.12.1.1.2): code extensions do not apply, and escapes have no meaning. */
const standAlone: Record<string, string> = { '192': 'utf-8', GB18030: 'gb18030', GBK: 'gbk' };

/**
 * The registration number of a defined term, or GB18030 or GBK. Like pydicom, accepts the misspellings of real devices:
 * "ISO-IR 100", "ISO IR 100", "ISO_2022_IR_87", "ISO 2022 58", "UTF-8".
 */
function registrationOf(term: string): string | undefined {
  const words = term
    .toUpperCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
  if (words === '') return '6';
  if (words === 'UTF 8' || words === 'UTF8') return '192';
  const name = /^(?:ISO (?:2022 )?)?(?:IR ?)?(\d+|GBK|GB18030)$/.exec(words)?.[1];
  if (name === undefined) return undefined;
  return name in standAlone || knownRegistrations.test(name) ? name : undefined;
}

/** The registration numbers (or GB18030, GBK) of the known terms; '6', the default repertoire, for an empty one. */
export function registrationsOf(terms: string): string[] {
  return terms.split('\\').flatMap((term) => registrationOf(term) ?? []);
}

function decodeWhole(encoding: string): Decode {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

/** For unknown terms: UTF-8 if the bytes are valid UTF-8, which text in other sets hardly ever is by accident. */
const guess: CharacterSet = (bytes) => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
};

function withEscapes(initial: Designation): CharacterSet {
  return (bytes, kind) => decodeWithEscapes(bytes, initial, kind);
}

function build(terms: string): CharacterSet {
  const [term = '', ...extensions] = terms.split('\\');
  // With code extensions, an unknown first term means the default repertoire.
  const first = registrationOf(term) ?? (extensions.length === 0 ? undefined : '6');
  if (first === undefined) return guess;
  const encoding = standAlone[first];
  if (encoding === undefined) return withEscapes(initialDesignation(first));
  const decode = decodeWhole(encoding);
  return (bytes) => decode(bytes);
}

/** Whether the bytes mean the same in every set: no high bit, no escape. */
function isPlain(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === escapeByte) return false;
  return true;
}

/** A store's files mostly have one of a few values. The bound is against files made to fill the cache. */
const cached = new Map<string, CharacterSet>();
const maximumCached = 256;

/**
 * The Specific Character Set of a data set.
 *
 * Like pydicom, reads text outside the declared set as ISO 8859-1. Escapes are recognised whether declared or not. Text of an
 * unknown set is read as UTF-8 if it is valid, otherwise as ISO 8859-1. Decoding never fails: characters that the set does not have
 * become U+FFFD.
 * @param terms the text of (0008,0005): defined terms joined by a backslash; '' for the default repertoire
 */
export function characterSetOf(terms: string): CharacterSet {
  const known = cached.get(terms);
  if (known !== undefined) return known;
  const decode = build(terms);
  const characterSet: CharacterSet = (bytes, kind) => (isPlain(bytes) ? latin1(bytes) : decode(bytes, kind));
  if (cached.size >= maximumCached || terms.length > 128) return characterSet;
  cached.set(terms, characterSet);
  return characterSet;
}
