import { deflateRawSync } from 'node:zlib';

import { dictionaryEntry, tagOfKeyword } from './dictionary.ts';
import { encoderOf, type EncodeText } from './encodeText.ts';
import { encodingOf, explicitLittleEndian, isDeflated, transferSyntaxes } from './transferSyntax.ts';
import type { ElementEncoding } from './transferSyntax.ts';
import { valueRepresentation, type ValueRepresentation } from './valueRepresentations.ts';
import { padded, tagBytes, writeValues } from './writeValues.ts';

/** Elements by DICOM keyword, or by tag in eight hexadecimal digits. Text is Unicode; bytes stand as they are. */
export type DatasetInput = Readonly<{
  [key: string]: Scalars | readonly DatasetInput[] | Buffer | ElementWithVr;
}>;

export type ElementInput = DatasetInput[string];

type Scalars = string | number | readonly (string | number)[];
type Values = Scalars | readonly DatasetInput[];

/** For private attributes, and where another value representation than the dictionary's is wanted. */
export interface ElementWithVr {
  readonly vr?: string;
  readonly value?: Values | Buffer;
  /** Encapsulated pixel data (PS3.5 A.4), without offset table: one fragment a frame. */
  readonly fragments?: readonly Buffer[];
}

export interface WriteOptions {
  /** Explicit VR little endian unless given. */
  readonly transferSyntaxUid?: string;
  /** Sequences and items end by delimiters instead of having lengths. */
  readonly undefinedLengths?: boolean;
}

interface Writing {
  readonly encoding: ElementEncoding;
  readonly encodeText: EncodeText;
  readonly undefinedLengths: boolean;
}

const implementationClassUid = '2.25.199103377260814553424437083203458817665';
const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemDelimiter = 0xfffee00d;
const sequenceDelimiter = 0xfffee0dd;

/**
 * Writes a DICOM file (PS3.10): preamble, meta header and data set, elements in order of their tags.
 * @throws RangeError for values that cannot be written so, or keywords that the dictionary does not have
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

function withVr(input: ElementInput): ElementWithVr {
  const bare = typeof input !== 'object' || Array.isArray(input) || Buffer.isBuffer(input);
  return bare ? { value: input as Values | Buffer } : (input as ElementWithVr);
}

function writeElement(tag: string, input: ElementInput, writing: Writing): Buffer[] {
  const { vr: name, value = [], fragments } = withVr(input);
  const vr = chooseVr(name ?? dictionaryEntry(tag)?.vr ?? 'UN', value, fragments !== undefined);
  const number = Number.parseInt(tag, 16);
  if (fragments !== undefined) {
    return [header(number, vr, undefinedLength, writing.encoding), ...writeFragments(fragments)];
  }
  const open = vr.kind === 'sequence' && writing.undefinedLengths;
  const bytes = writeValue(vr, value, writing);
  const length = open ? undefinedLength : bytes.length;
  return [header(number, vr, length, writing.encoding), bytes];
}

function chooseVr(name: string, value: Values | Buffer, encapsulated: boolean): ValueRepresentation {
  if (encapsulated) return valueRepresentation('OB');
  const [first = '', ...others] = name.split(' or ');
  if (others.length === 0) return valueRepresentation(name);
  if (Buffer.isBuffer(value)) return valueRepresentation(others.at(-1) ?? first);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return valueRepresentation(values.some((one) => typeof one === 'number' && one < 0) ? 'SS' : 'US');
}

function writeValue(vr: ValueRepresentation, value: Values | Buffer, writing: Writing): Buffer {
  if (Buffer.isBuffer(value)) return value;
  const values = (Array.isArray(value) ? value : [value]) as readonly (string | number | DatasetInput)[];
  if (vr.kind === 'sequence') return writeItems(values, writing);
  const plain = values.filter((one) => typeof one !== 'object');
  return writeValues(vr, plain, writing.encoding.littleEndian, writing.encodeText);
}

function writeItems(items: readonly (string | number | DatasetInput)[], writing: Writing): Buffer {
  const { littleEndian } = writing.encoding;
  const parts = items.flatMap((item) => {
    if (typeof item !== 'object') throw new RangeError('Expected data sets as the items of a sequence.');
    const bytes = writeDataset(item, writing);
    if (!writing.undefinedLengths) return [itemHeader(itemTag, bytes.length, littleEndian), bytes];
    const start = itemHeader(itemTag, undefinedLength, littleEndian);
    return [start, bytes, itemHeader(itemDelimiter, 0, littleEndian)];
  });
  if (writing.undefinedLengths) parts.push(itemHeader(sequenceDelimiter, 0, littleEndian));
  return Buffer.concat(parts);
}

/** An empty offset table, then the fragments; encapsulated syntaxes are all little endian. */
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
  return Buffer.concat([...start, integer(length, 2, littleEndian)]);
}

/** Tag and a length of 32 bits: items, delimiters, and elements of implicit VR. */
function itemHeader(tag: number, length: number, littleEndian: boolean): Buffer {
  return Buffer.concat([tagBytes(tag, littleEndian), integer(length, 4, littleEndian)]);
}

function integer(value: number, size: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (littleEndian) bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
}
