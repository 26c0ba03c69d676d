import { deflateRawSync } from 'node:zlib';

import { dictionaryEntry, tagOfKeyword } from '../dictionary.ts';
import { itemDelimiter, itemTag, sequenceDelimiter, undefinedLength } from '../itemTags.ts';
import { encoderOf, type EncodeText } from '../text/encodeText.ts';
import {
  encodingOf,
  explicitLittleEndian,
  isDeflated,
  transferSyntaxes,
  type ElementEncoding,
} from '../transferSyntax.ts';
import { valueRepresentation, type ValueRepresentation } from '../valueRepresentations.ts';
import { padded, tagBytes, writeValues } from './writeValues.ts';

type Values = string | number | readonly (string | number)[];

/** Values, or bytes to write as they are, or a full description. */
export type ElementInput = Values | Buffer | ElementDescription;

export interface ElementDescription {
  /** Default: the dictionary's, and UN for attributes that it does not have. */
  readonly vr?: string;
  readonly value?: Values | Buffer;
  /** Of a sequence. */
  readonly items?: readonly DatasetInput[];
  /** Of encapsulated pixel data (PS3.5 A.4): one for each frame. The offset table stays empty. */
  readonly fragments?: readonly Buffer[];
}

/** Elements by DICOM keyword, or by tag (eight hexadecimal digits). Text is Unicode. */
export type DatasetInput = Readonly<Record<string, ElementInput>>;

export interface WriteOptions {
  /** Default: explicit VR little endian. */
  readonly transferSyntaxUid?: string;
  /** Whether sequences and items end with delimiters instead of having a length. */
  readonly undefinedLengths?: boolean;
}

interface Writing {
  readonly encoding: ElementEncoding;
  readonly encodeText: EncodeText;
  readonly undefinedLengths: boolean;
}

const implementationClassUid = '2.25.199103377260814553424437083203458817665';

/**
 * Writes a DICOM file (PS3.10): preamble, meta header and data set, with elements in the order of their tags.
 * @throws RangeError for values that cannot be encoded, and for keywords that the dictionary does not have
 */
export function writeP10(dataset: DatasetInput, options: WriteOptions = {}): Buffer {
  const transferSyntaxUid = options.transferSyntaxUid ?? transferSyntaxes.explicitLittleEndian;
  const bytes = writeDataset(dataset, {
    encoding: encodingOf(transferSyntaxUid),
    encodeText: encoderOf(''),
    undefinedLengths: options.undefinedLengths ?? false,
  });
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    metaHeader(dataset, transferSyntaxUid),
    isDeflated(transferSyntaxUid) ? padded(deflateRawSync(bytes), 0) : bytes,
  ]);
}

function metaHeader(dataset: DatasetInput, transferSyntaxUid: string): Buffer {
  const writing = { encoding: explicitLittleEndian, encodeText: encoderOf(''), undefinedLengths: false };
  const { SOPClassUID, SOPInstanceUID } = dataset;
  const elements = {
    '00020001': Buffer.of(0, 1),
    ...(SOPClassUID !== undefined && { '00020002': SOPClassUID }),
    ...(SOPInstanceUID !== undefined && { '00020003': SOPInstanceUID }),
    '00020010': transferSyntaxUid,
    '00020012': implementationClassUid,
  };
  const bytes = writeDataset(elements, writing);
  return Buffer.concat([writeDataset({ '00020000': { vr: 'UL', value: bytes.length } }, writing), bytes]);
}

function writeDataset(dataset: DatasetInput, outer: Writing): Buffer {
  const elements = Object.entries(dataset)
    .map(([key, input]): [string, ElementInput] => [tagOf(key), input])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const characterSet = elements.find(([tag]) => tag === '00080005')?.[1];
  const writing =
    characterSet === undefined ? outer : { ...outer, encodeText: encoderOf(termsOf(characterSet)) };
  return Buffer.concat(elements.flatMap(([tag, input]) => writeElement(tag, input, writing)));
}

function tagOf(key: string): string {
  const tag = /^[0-9A-F]{8}$/i.test(key) ? key.toUpperCase() : tagOfKeyword(key);
  if (tag === undefined)
    throw new RangeError('Expected a DICOM keyword or a tag of eight hexadecimal digits.');
  return tag;
}

function termsOf(input: ElementInput): string {
  if (Array.isArray(input)) return input.join('\\');
  if (typeof input === 'string') return input;
  throw new RangeError('Expected the defined terms of the Specific Character Set as text.');
}

function describe(input: ElementInput): ElementDescription {
  return isDescription(input) ? input : { value: input };
}

function isDescription(input: ElementInput): input is ElementDescription {
  return typeof input === 'object' && !Array.isArray(input) && !Buffer.isBuffer(input);
}

function writeElement(tag: string, input: ElementInput, writing: Writing): Buffer[] {
  const { encoding, undefinedLengths } = writing;
  const { vr, value = [], items, fragments } = describe(input);
  const number = Number.parseInt(tag, 16);
  if (items !== undefined) {
    const bytes = writeItems(items, writing);
    const length = undefinedLengths ? undefinedLength : bytes.length;
    return [header(number, valueRepresentation('SQ'), length, encoding), bytes];
  }
  if (fragments !== undefined) {
    return [
      header(number, valueRepresentation('OB'), undefinedLength, encoding),
      ...writeFragments(fragments),
    ];
  }
  const chosen = chooseVr(vr ?? dictionaryEntry(tag)?.vr ?? 'UN', value);
  const bytes = writeValue(chosen, value, writing);
  return [header(number, chosen, bytes.length, encoding), bytes];
}

/** Of "OB or OW" the last, of "US or SS" what holds the values. */
function chooseVr(names: string, value: Values | Buffer): ValueRepresentation {
  const choice = names.split(' or ');
  if (choice.length === 1 || Buffer.isBuffer(value)) return valueRepresentation(choice.at(-1) ?? 'UN');
  const values: readonly unknown[] = typeof value === 'object' ? value : [value];
  return valueRepresentation(values.some((one) => typeof one === 'number' && one < 0) ? 'SS' : 'US');
}

function writeValue(vr: ValueRepresentation, value: Values | Buffer, writing: Writing): Buffer {
  if (Buffer.isBuffer(value)) return value;
  const values = typeof value === 'object' ? value : [value];
  return writeValues(vr, values, writing.encoding.littleEndian, writing.encodeText);
}

function writeItems(items: readonly DatasetInput[], writing: Writing): Buffer {
  const { littleEndian } = writing.encoding;
  const parts = items.flatMap((item) => {
    const bytes = writeDataset(item, writing);
    if (!writing.undefinedLengths) return [itemHeader(itemTag, bytes.length, littleEndian), bytes];
    const start = itemHeader(itemTag, undefinedLength, littleEndian);
    return [start, bytes, itemHeader(itemDelimiter, 0, littleEndian)];
  });
  if (writing.undefinedLengths) parts.push(itemHeader(sequenceDelimiter, 0, littleEndian));
  return Buffer.concat(parts);
}

/** An empty offset table, then the fragments. All encapsulated syntaxes are little endian. */
function writeFragments(fragments: readonly Buffer[]): Buffer[] {
  const items = fragments.map((fragment) => padded(fragment, 0));
  return [
    itemHeader(itemTag, 0, true),
    ...items.flatMap((item) => [itemHeader(itemTag, item.length, true), item]),
    itemHeader(sequenceDelimiter, 0, true),
  ];
}

function header(tag: number, vr: ValueRepresentation, length: number, encoding: ElementEncoding): Buffer {
  const { explicit, littleEndian } = encoding;
  if (!explicit) return itemHeader(tag, length, littleEndian);
  const start = [tagBytes(tag, littleEndian), Buffer.from(vr.name, 'latin1')];
  if (vr.longForm) return Buffer.concat([...start, Buffer.alloc(2), integer(length, 4, littleEndian)]);
  if (length > 0xffff) throw new RangeError('Expected a value of at most 65,534 bytes.');
  return Buffer.concat([...start, integer(length, 2, littleEndian)]);
}

/** A tag and a 32-bit length: the header of items, delimiters, and elements in implicit VR. */
function itemHeader(tag: number, length: number, littleEndian: boolean): Buffer {
  return Buffer.concat([tagBytes(tag, littleEndian), integer(length, 4, littleEndian)]);
}

function integer(value: number, size: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (littleEndian) bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
}
