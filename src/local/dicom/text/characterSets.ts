import {
  decodeWithEscapes,
  escapeByte,
  initialDesignation,
  type Designation,
  type TextKind,
} from './codeExtensions.ts';
import { latin1, strictly } from './singleByteSets.ts';

/**
 * Decodes text of one Specific Character Set (0008,0005).
 * @param onInvalid called where bytes are no character of the set
 */
export type CharacterSet = (bytes: Buffer, kind: TextKind, onInvalid?: () => void) => string;

const knownRegistrations = /^(?:6|13|58|87|100|101|109|110|126|127|138|144|148|149|159|166|192|203)$/;

/** Sets that can only be used alone (PS3.3 C.12.1.1.2): code extensions do not apply, and escapes have no meaning. */
const standAlone: Record<string, string> = {
  '192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'EUC-KR': 'euc-kr',
  'EUC-JP': 'euc-jp',
  SHIFT_JIS: 'shift_jis',
};

/** Sets by the names that the web and Windows have for them, which some devices write. */
const aliases: Record<string, string> = {
  'UTF 8': '192',
  UTF8: '192',
  ASCII: '6',
  'US ASCII': '6',
  'EUC KR': 'EUC-KR',
  'KS C 5601': 'EUC-KR',
  'EUC JP': 'EUC-JP',
  'SHIFT JIS': 'SHIFT_JIS',
  SJIS: 'SHIFT_JIS',
  GB2312: 'GBK',
};

/** ISO 8859's parts by their numbers, which pydicom takes for the registrations too. */
const partsOfIso8859: Record<string, string> = {
  ...{ 1: '100', 2: '101', 3: '109', 4: '110', 5: '144', 6: '127', 7: '126', 8: '138', 9: '148', 11: '166' },
  15: '203',
};

/**
 * The registration number of a defined term, or GB18030 or GBK. Like pydicom, accepts the misspellings of real devices:
 * "ISO-IR 100", "ISO IR 100", "ISO_2022_IR_87", "ISO 2022 58", "UTF-8", "ISO8859-2", "WINDOWS-1251", "EUC-KR".
 */
function registrationOf(term: string): string | undefined {
  const words = term
    .toUpperCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
  if (words === '') return '6';
  const alias = aliases[words] ?? aliasWithNumber(words);
  if (alias !== undefined) return alias;
  const name = /^(?:ISO (?:2022 )?)?(?:IR ?)?(\d+|GBK|GB18030)$/.exec(words)?.[1];
  if (name === undefined) return undefined;
  return name in standAlone || knownRegistrations.test(name) ? name : undefined;
}

function aliasWithNumber(words: string): string | undefined {
  const [, part] = /^(?:ISO ?8859 |LATIN ?)(\d{1,2})$/.exec(words) ?? [];
  if (part !== undefined) return partsOfIso8859[part];
  const [, page] = /^(?:WINDOWS |CP ?)(125[0-8])$/.exec(words) ?? [];
  return page && `windows-${page}`;
}

/** The registration numbers (or GB18030, GBK) of the known terms; '6', the default repertoire, for an empty one. */
export function registrationsOf(terms: string): string[] {
  return terms.split('\\').flatMap((term) => registrationOf(term) ?? []);
}

/** For unknown terms: UTF-8 if the bytes are valid UTF-8, which text in other sets hardly ever is by accident. */
const guess: CharacterSet = (bytes) => strictUtf8(bytes);

const strictUtf8 = strictly('utf-8');

function withEscapes(initial: Designation): CharacterSet {
  return (bytes, kind, onInvalid) => decodeWithEscapes(bytes, initial, { kind, onInvalid });
}

function build(terms: string): CharacterSet {
  const [term = '', ...extensions] = terms.split('\\');
  // With code extensions, an unknown first term means the default repertoire.
  const first = registrationOf(term) ?? (extensions.length === 0 ? undefined : '6');
  if (first === undefined) return guess;
  const encoding = standAlone[first] ?? (first.startsWith('windows-') ? first : undefined);
  if (encoding === undefined) return withEscapes(initialDesignation(first));
  const decode = strictly(encoding);
  return (bytes, _kind, onInvalid) => decode(bytes, onInvalid);
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
 * unknown set is read as UTF-8 if it is valid, otherwise as ISO 8859-1. Decoding never fails, and keeps bytes apart that the set does
 * not have, so that two patients never become one: they are read as ISO 8859-1.
 * @param terms the text of (0008,0005): defined terms joined by a backslash; '' for the default repertoire
 */
export function characterSetOf(terms: string): CharacterSet {
  const known = cached.get(terms);
  if (known !== undefined) return known;
  const decode = build(terms);
  const characterSet: CharacterSet = (bytes, kind, onInvalid) =>
    isPlain(bytes) ? latin1(bytes) : decode(bytes, kind, onInvalid);
  if (cached.size >= maximumCached || terms.length > 128) return characterSet;
  cached.set(terms, characterSet);
  return characterSet;
}
