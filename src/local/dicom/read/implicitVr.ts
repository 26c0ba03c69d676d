import { dictionaryEntry, isPrivate } from '../dictionary.ts';
import { valueRepresentation, type ValueRepresentation } from '../valueRepresentations.ts';

const unsigned = valueRepresentation('US');
const signed = valueRepresentation('SS');
const otherWord = valueRepresentation('OW');
const longString = valueRepresentation('LO');
const unsignedLong = valueRepresentation('UL');
const unknown = valueRepresentation('UN');

/** By tag, since looking it up in the dictionary takes longer than reading a short element. Public tags only, so bounded. */
const known = new Map<string, ValueRepresentation | 'US or SS'>();

/**
 * The value representation of an element that the file has without one.
 * @param tag eight upper-case hexadecimal digits
 * @param signedPixels whether Pixel Representation (0028,0103) is 1, which settles "US or SS"
 */
export function implicitVr(tag: string, signedPixels: boolean): ValueRepresentation {
  const vr = known.get(tag) ?? lookUp(tag);
  if (vr !== 'US or SS') return vr;
  return signedPixels ? signed : unsigned;
}

function lookUp(tag: string): ValueRepresentation | 'US or SS' {
  if (tag.endsWith('0000')) return unsignedLong;
  // PS3.5 7.8.1: (gggg,0010) to (gggg,00FF) name the creators of private blocks.
  if (isPrivate(tag)) return /00[1-9A-F].$/.test(tag) ? longString : unknown;
  const entry = dictionaryEntry(tag);
  if (entry === undefined) return unknown;
  const vr = choose(entry.vr);
  known.set(tag, vr);
  return vr;
}

function choose(names: string): ValueRepresentation | 'US or SS' {
  if (names === 'US or SS') return names;
  // "OB or OW", "US or OW" and "US or SS or OW": pixels, samples and lookup tables, all of them bulk data.
  return names.endsWith(' OW') ? otherWord : valueRepresentation(names);
}
