import { createRequire } from 'node:module';

import type { ElementsMap } from '@iwharris/dicom-data-dictionary';

export interface DictionaryEntry {
  readonly keyword: string;
  /** A value representation, or a choice: "US or SS". */
  readonly vr: string;
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

/** The meta header (PS3.6 section 7), which the package does not have. */
const metaHeader: [string, string, string][] = [
  ['00020001', 'FileMetaInformationVersion', 'OB'],
  ['00020002', 'MediaStorageSOPClassUID', 'UI'],
  ['00020003', 'MediaStorageSOPInstanceUID', 'UI'],
  ['00020010', 'TransferSyntaxUID', 'UI'],
  ['00020012', 'ImplementationClassUID', 'UI'],
  ['00020013', 'ImplementationVersionName', 'SH'],
  ['00020016', 'SourceApplicationEntityTitle', 'AE'],
];

/** PS3.5 7.6: an entry such as "(60xx,0010)" stands for all even groups of a range. */
function repeaterOf(tag: string, entry: DictionaryEntry): Repeater {
  return { pattern: new RegExp(`^${tag.replaceAll(/x/gi, '[0-9A-F]')}$`), entry };
}

function load(): Dictionary {
  // Half a megabyte of CommonJS: loaded with the first tag, not at the start of the program.
  const require = createRequire(import.meta.url);
  const { elements } = require('@iwharris/dicom-data-dictionary') as { elements: ElementsMap };
  const entries = new Map<string, DictionaryEntry>();
  const repeaters: Repeater[] = [];
  for (const [key, { keyword, vr }] of Object.entries(elements)) {
    const tag = key.slice(1, 5) + key.slice(6, 10);
    const entry = { keyword, vr };
    if (/x/i.test(tag)) repeaters.push(repeaterOf(tag, entry));
    else entries.set(tag, entry);
  }
  for (const [tag, keyword, vr] of metaHeader) entries.set(tag, { keyword, vr });
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
