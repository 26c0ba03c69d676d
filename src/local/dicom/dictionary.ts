import { dictionaryTable } from './dictionaryTable.ts';

export interface DictionaryEntry {
  readonly keyword: string;
  /** A value representation, or a choice: "US or SS". */
  readonly vr: string;
  /** Value multiplicity (PS3.5 6.4): how many values there may be, such as "1", "3", "1-n" or "2-2n". */
  readonly vm: string;
}

interface Repeater {
  readonly pattern: RegExp;
  readonly entry: DictionaryEntry;
}

interface Dictionary {
  readonly entries: ReadonlyMap<string, DictionaryEntry>;
  readonly repeaters: readonly Repeater[];
  readonly tags: ReadonlyMap<string, string>;
}

/** PS3.5 7.6: an entry such as "(60xx,0010)" stands for all even groups of a range. */
function repeaterOf(tag: string, entry: DictionaryEntry): Repeater {
  return { pattern: new RegExp(`^${tag.replaceAll('x', '[0-9A-F]')}$`), entry };
}

function load(): Dictionary {
  const entries = new Map<string, DictionaryEntry>();
  const repeaters: Repeater[] = [];
  for (const line of dictionaryTable.split('\n')) {
    const [tag = '', vr = '', vm = '', keyword = ''] = line.split('\t');
    const entry = { keyword, vr, vm };
    if (tag.includes('x')) repeaters.push(repeaterOf(tag, entry));
    else entries.set(tag, entry);
  }
  const tags = new Map([...entries].map(([tag, { keyword }]) => [keyword, tag]));
  return { entries, repeaters, tags };
}

let dictionary: Dictionary | undefined;

/**
 * The entry of an attribute in PS3.6.
 * @param tag eight upper-case hexadecimal digits
 * @returns undefined for private and unknown attributes
 */
export function dictionaryEntry(tag: string): DictionaryEntry | undefined {
  dictionary ??= load();
  const entry = dictionary.entries.get(tag);
  if (entry !== undefined) return entry;
  if (isPrivate(tag)) return undefined;
  return dictionary.repeaters.find(({ pattern }) => pattern.test(tag))?.entry;
}

/** PS3.5 7.8: private elements have odd group numbers. */
export function isPrivate(tag: string): boolean {
  return (Number.parseInt(tag.slice(0, 4), 16) & 1) === 1;
}

/** @returns the tag, eight upper-case hexadecimal digits; undefined when no attribute has the keyword */
export function tagOfKeyword(keyword: string): string | undefined {
  dictionary ??= load();
  return dictionary.tags.get(keyword);
}
