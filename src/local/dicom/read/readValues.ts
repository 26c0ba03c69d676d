import type { CharacterSet } from '../text/characterSets.ts';
import { latin1 } from '../text/singleByteSets.ts';
import type { ValueRepresentation } from '../valueRepresentations.ts';

/**
 * The values of an element that is not a sequence.
 * @param bytes the whole value field
 */
export function readValues(
  vr: ValueRepresentation,
  bytes: Buffer,
  littleEndian: boolean,
  characterSet: CharacterSet,
): readonly (string | number | null)[] {
  if (bytes.length === 0) return noValues;
  switch (vr.kind) {
    case 'personName':
      return textValues(characterSet(bytes, 'personName'), withoutEmptyGroups);
    case 'extended':
      return textValues(characterSet(bytes, 'extended'), withoutPadding);
    case 'block':
      return singleText(characterSet(bytes, 'block'));
    case 'basic':
      if (vr.name === 'UR') return singleText(latin1(bytes));
      return textValues(latin1(bytes), vr.name === 'IS' || vr.name === 'DS' ? withoutNulls : withoutPadding);
    case 'tag':
      return tags(bytes, littleEndian);
    case 'number':
      return numbers(vr.name, bytes, littleEndian);
    case 'sequence':
    case 'bulk':
      return noValues;
  }
}

export const noValues: readonly never[] = [];

/** An upper bound of the number of values that `readValues` returns. */
export function countValues(vr: ValueRepresentation, bytes: Buffer): number {
  if (vr.kind === 'number') return bytes.length / (numberReaders.get(vr.name)?.[0] ?? 1);
  let count = 1;
  for (let at = bytes.indexOf(0x5c); at !== -1; at = bytes.indexOf(0x5c, at + 1)) count += 1;
  return count;
}

function textValues(text: string, clean: (value: string) => string): readonly (string | null)[] {
  const values = text.split('\\').map((value) => nullIfEmpty(clean(value)));
  return values.length === 1 && values[0] === null ? noValues : values;
}

function singleText(text: string): readonly string[] {
  const value = withoutPadding(text);
  return value === '' ? noValues : [value];
}

function nullIfEmpty(value: string): string | null {
  return value === '' ? null : value;
}

/** Drops the spaces and nulls that pad a value to even length. A loop, since a regular expression would take quadratic time. */
function withoutPadding(value: string): string {
  let end = value.length;
  while (end > 0 && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0)) end -= 1;
  return value.slice(0, end);
}

/** HealthImaging gives numbers in text with their blanks. */
function withoutNulls(value: string): string {
  if (withoutPadding(value) === '') return '';
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0) end -= 1;
  return value.slice(0, end);
}

/** PS3.5 6.2.1.1: empty component groups at the end have no meaning; like pydicom, drop their delimiters. */
function withoutEmptyGroups(value: string): string {
  const name = withoutPadding(value);
  let end = name.length;
  while (end > 0 && name.charCodeAt(end - 1) === 0x3d) end -= 1;
  return name.slice(0, end);
}

function tags(bytes: Buffer, littleEndian: boolean): string[] {
  const values: string[] = [];
  for (let index = 0; index + 4 <= bytes.length; index += 4) {
    const group = littleEndian ? bytes.readUInt16LE(index) : bytes.readUInt16BE(index);
    const element = littleEndian ? bytes.readUInt16LE(index + 2) : bytes.readUInt16BE(index + 2);
    values.push(tagText(group * 0x10000 + element));
  }
  return values;
}

/** A tag as a data set has it for a key: eight upper-case hexadecimal digits. */
export function tagText(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

type ReadNumber = (bytes: Buffer, index: number) => number | string;

const numberReaders = new Map<string, [size: number, little: ReadNumber, big: ReadNumber]>([
  ['US', [2, (bytes, index) => bytes.readUInt16LE(index), (bytes, index) => bytes.readUInt16BE(index)]],
  ['SS', [2, (bytes, index) => bytes.readInt16LE(index), (bytes, index) => bytes.readInt16BE(index)]],
  ['UL', [4, (bytes, index) => bytes.readUInt32LE(index), (bytes, index) => bytes.readUInt32BE(index)]],
  ['SL', [4, (bytes, index) => bytes.readInt32LE(index), (bytes, index) => bytes.readInt32BE(index)]],
  ['FL', [4, (bytes, index) => bytes.readFloatLE(index), (bytes, index) => bytes.readFloatBE(index)]],
  ['FD', [8, (bytes, index) => bytes.readDoubleLE(index), (bytes, index) => bytes.readDoubleBE(index)]],
  [
    'UV',
    [
      8,
      (bytes, index) => safeNumber(bytes.readBigUInt64LE(index)),
      (bytes, index) => safeNumber(bytes.readBigUInt64BE(index)),
    ],
  ],
  [
    'SV',
    [
      8,
      (bytes, index) => safeNumber(bytes.readBigInt64LE(index)),
      (bytes, index) => safeNumber(bytes.readBigInt64BE(index)),
    ],
  ],
]);

/** A number if it is exact, otherwise its digits. */
function safeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** Bytes after the last whole number are dropped. */
function numbers(vr: string, bytes: Buffer, littleEndian: boolean): (number | string)[] {
  const reader = numberReaders.get(vr);
  if (reader === undefined) return [];
  const [size, little, big] = reader;
  const read = littleEndian ? little : big;
  const values: (number | string)[] = [];
  for (let index = 0; index + size <= bytes.length; index += size) values.push(read(bytes, index));
  return values;
}
