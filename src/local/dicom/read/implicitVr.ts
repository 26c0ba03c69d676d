import { dictionaryEntry, isPrivate } from '../dictionary.ts';
import { valueRepresentation, type ValueRepresentation } from '../valueRepresentations.ts';

const unsigned = valueRepresentation('US');
const signed = valueRepresentation('SS');
const otherWord = valueRepresentation('OW');
const longString = valueRepresentation('LO');
const unsignedLong = valueRepresentation('UL');
const unknown = valueRepresentation('UN');

/** By tag, for dictionary look-ups take more time than all else of a short element. Public tags only, so bounded. */
const known = new Map<string, ValueRepresentation | 'US or SS'>();

/**
 * The value representation of an element that the file writes without one.
 * @param tag eight upper-case hexadecimal digits
 * @param signedPixels whether Pixel Representation (0028,0103) is 1, which settles "US or SS"
 */
export function implicitVr(tag: string, signedPixels: boolean): ValueRepresentation {
  const vr = known.get(tag) ?? look(tag);
  if (vr !== 'US or SS') return vr;
  return signedPixels ? signed : unsigned;
}

function look(tag: string): ValueRepresentation | 'US or SS' {
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
  // "OB or OW", "US or OW", "US or SS or OW": pixels, samples and lookup tables, all of them bulk.
  return names.endsWith(' OW') ? otherWord : valueRepresentation(names);
}
