import type { ByteWindow } from './byteWindow.ts';
import { characterSetOf, type CharacterSet } from '../text/characterSets.ts';
import { elementText, type DicomDataset, type DicomElement } from '../dataset.ts';
import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';
import { implicitVr } from './implicitVr.ts';
import { countValues, noValues, readValues, tagText } from './readValues.ts';
import { implicitLittleEndian, type ElementEncoding } from '../transferSyntax.ts';
import {
  looksLikeValueRepresentation,
  valueRepresentation,
  valueRepresentationOfCode,
  type ValueRepresentation,
} from '../valueRepresentations.ts';

export const undefinedLength = 0xffffffff;

const itemTag = 0xfffee000;
const itemDelimiter = 0xfffee00d;
const sequenceDelimiter = 0xfffee0dd;
const specificCharacterSet = 0x00080005;
const pixelRepresentation = 0x00280103;
const pixelDataTags: ReadonlySet<number> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** Real files nest fewer than ten; the bound keeps the stack of the process. */
const maximumDepth = 64;
/** Elements and items of one file. Enhanced multi-frame objects have some 100,000; the bound keeps the memory. */
const maximumElements = 2_000_000;

/** Of one file, bulk data not counted: HealthImaging's own quota of metadata, for a whole image set. */
const maximumValueBytes = 50_000_000;
/** Large structure sets have some millions. An empty value takes a byte of the file, and many times that of memory. */
const maximumValues = 10_000_000;

/** How a data set, or an item of a sequence, is to be read. */
export interface DatasetScope {
  readonly encoding: ElementEncoding;
  readonly characterSet: CharacterSet;
  readonly depth: number;
  /** The offset that no element may pass. */
  readonly end: number;
  /** An item of undefined length: it ends with its delimiter, which must come. */
  readonly delimited: boolean;
}

/** An element's header, and where its value begins. */
export interface ElementHeader {
  readonly tag: number;
  readonly vr: ValueRepresentation;
  /** As the file names it; differs from that of `vr` where UN or an unknown name stands. */
  readonly vrName: string;
  readonly length: number;
  readonly headerStart: number;
}

const unknownVr = valueRepresentation('UN');

/** Elements without a value are many; they need not be many objects. */
const emptyElements = new Map<string, DicomElement>();

function emptyElement(vr: string): DicomElement {
  let element = emptyElements.get(vr);
  if (element === undefined) {
    element = { vr, values: noValues };
    if (emptyElements.size < 64) emptyElements.set(vr, element);
  }
  return element;
}

const emptyDataset: DicomDataset = new Map();

/** Reads elements one after another; its position is the state that sequences and their items share. */
export class DatasetParser {
  position: number;
  readonly #window: ByteWindow;
  #signedPixels = false;
  #elements = 0;
  #valueBytes = 0;
  #values = 0;

  constructor(window: ByteWindow, position: number) {
    this.#window = window;
    this.position = position;
  }

  /**
   * Reads elements into `target` up to the scope's end or delimiter.
   * @returns the header of the pixel data, where reading stopped before its value; undefined at the end
   * @throws DicomFileError
   */
  readElements(target: Map<string, DicomElement>, scope: DatasetScope): ElementHeader | undefined {
    const encoding = this.#encodingInUse(scope);
    let { characterSet } = scope;
    while (this.position < scope.end || scope.delimited) {
      const header = this.readHeader(encoding);
      this.#count();
      if (header.tag === itemDelimiter || header.tag === sequenceDelimiter) {
        if (scope.delimited) return undefined;
        // Some writers put a delimiter after an item of known length as well.
        continue;
      }
      if (scope.depth === 0 && pixelDataTags.has(header.tag)) return header;
      if (scope.depth === 0 && header.tag === 0 && header.length === 0) {
        // Zeros to the end of a storage's block; dcmtk and pydicom read them as elements, of no meaning.
        this.position = scope.end;
        return undefined;
      }
      const element = this.#readElement(header, encoding, { ...scope, characterSet });
      target.set(tagText(header.tag), element);
      if (header.tag === specificCharacterSet)
        characterSet = characterSetOf(elementText(target, '00080005') ?? '');
      else if (header.tag === pixelRepresentation) this.#signedPixels = element.values[0] === 1;
    }
    return undefined;
  }

  readHeader(encoding: ElementEncoding): ElementHeader {
    const headerStart = this.position;
    const index = this.#window.hold(headerStart, 8);
    const { bytes } = this.#window;
    const { littleEndian } = encoding;
    const tag = littleEndian
      ? bytes.readUInt16LE(index) * 0x10000 + bytes.readUInt16LE(index + 2)
      : bytes.readUInt32BE(index);
    this.position += 8;
    // PS3.5 7.5: items and their delimiters have no value representation in any syntax.
    const isItem = tag >= 0xfffee000 && tag <= 0xfffee0ff;
    const code = bytes.readUInt16BE(index + 4);
    if (isItem || !encoding.explicit || !looksLikeValueRepresentation(code)) {
      const length = littleEndian ? bytes.readUInt32LE(index + 4) : bytes.readUInt32BE(index + 4);
      const vr = isItem ? unknownVr : implicitVr(tagText(tag), this.#signedPixels);
      return { tag, vr, vrName: vr.name, length, headerStart };
    }
    const vr = valueRepresentationOfCode(code);
    if (vr?.longForm === true) {
      const lengthIndex = this.#window.hold(headerStart + 8, 4);
      this.position += 4;
      const field = this.#window.bytes;
      const length = littleEndian ? field.readUInt32LE(lengthIndex) : field.readUInt32BE(lengthIndex);
      return { tag, vr, vrName: vr.name, length, headerStart };
    }
    const length = littleEndian ? bytes.readUInt16LE(index + 6) : bytes.readUInt16BE(index + 6);
    return { tag, vr: vr ?? unknownVr, vrName: vr?.name ?? 'UN', length, headerStart };
  }

  /**
   * Passes over fragments up to and with their delimiter (PS3.5 A.4).
   * @returns how many there are, the offset table not counted
   */
  skipFragments(end: number, littleEndian: boolean): number {
    for (let items = 0; ; items += 1) {
      // Fragments are long: reading ahead would read pixels.
      const index = this.#window.holdExactly(this.position, 8);
      const { tag, length } = this.#itemHeader(index, littleEndian);
      if (tag === sequenceDelimiter) return Math.max(0, items - 1);
      if (tag !== itemTag || length === undefinedLength) throw new DicomFileError(dicomFileReasons.malformed);
      this.skip(length, end);
    }
  }

  /** Passes over a value: its bytes must be there, but are not read. */
  skip(length: number, end: number): void {
    this.#boundary(length, end);
    this.position += length;
  }

  /** A data set, or an item, may be written without value representations in an explicit syntax, and the reverse. */
  #encodingInUse(scope: DatasetScope): ElementEncoding {
    const { encoding, depth } = scope;
    // As pydicom has it: items within implicit VR are implicit, whatever their first length looks like.
    if ((depth > 0 && !encoding.explicit) || this.position + 8 > scope.end) return encoding;
    if (this.position + 8 > this.#window.size) return encoding;
    const index = this.#window.hold(this.position, 8);
    const explicit = looksLikeValueRepresentation(this.#window.bytes.readUInt16BE(index + 4));
    return explicit === encoding.explicit ? encoding : { ...encoding, explicit };
  }

  #readElement(header: ElementHeader, encoding: ElementEncoding, scope: DatasetScope): DicomElement {
    const { vr, length } = header;
    if (length === undefinedLength) return this.#readUndefinedLength(header, encoding, scope);
    const end = this.#boundary(length, scope.end);
    if (vr.kind === 'sequence') {
      return { vr: 'SQ', values: this.#readItems({ ...scope, encoding, end, delimited: false }) };
    }
    if (vr.name === 'UN' && encoding.explicit) return this.#readUnknown(header, end, scope);
    if (vr.kind === 'bulk' || length === 0) {
      this.position = end;
      return emptyElement(header.vrName);
    }
    const start = this.position;
    this.position = end;
    const values = this.#readValues(vr, start, length, encoding.littleEndian, scope);
    return values.length === 0 ? emptyElement(header.vrName) : { vr: header.vrName, values };
  }

  #readUndefinedLength(header: ElementHeader, encoding: ElementEncoding, scope: DatasetScope): DicomElement {
    if (header.vr.kind === 'bulk' && header.vr.name !== 'UN') {
      this.skipFragments(scope.end, encoding.littleEndian);
      return emptyElement(header.vrName);
    }
    // PS3.5 6.2.2: UN of undefined length holds items in implicit VR little endian.
    const inside = header.vr.name === 'UN' && encoding.explicit ? implicitLittleEndian : encoding;
    return { vr: 'SQ', values: this.#readItems({ ...scope, encoding: inside, delimited: true }) };
  }

  /** PS3.5 6.2.2: a writer that did not know an attribute; where the dictionary does, it is what it is. */
  #readUnknown(header: ElementHeader, end: number, scope: DatasetScope): DicomElement {
    const vr = implicitVr(tagText(header.tag), this.#signedPixels);
    const start = this.position;
    const { length } = header;
    this.position = end;
    if (vr.kind === 'bulk' || length === 0) return emptyElement(vr.name);
    if (vr.kind !== 'sequence') {
      const values = this.#readValues(vr, start, length, true, scope);
      return { vr: vr.name, values };
    }
    this.position = start;
    try {
      const inside = { ...scope, encoding: implicitLittleEndian, end, delimited: false };
      return { vr: 'SQ', values: this.#readItems(inside) };
    } catch (error) {
      if (!(error instanceof DicomFileError) || isBound(error)) throw error;
      this.position = end;
      return emptyElement('UN');
    }
  }

  /** Holds the values against the bounds before they take memory. */
  #readValues(
    vr: ValueRepresentation,
    start: number,
    length: number,
    littleEndian: boolean,
    { characterSet }: DatasetScope,
  ): ReturnType<typeof readValues> {
    this.#valueBytes += length;
    if (this.#valueBytes > maximumValueBytes) throw new DicomFileError(dicomFileReasons.tooManyValues);
    const bytes = this.#window.slice(start, length);
    this.#values += countValues(vr, bytes);
    if (this.#values > maximumValues) throw new DicomFileError(dicomFileReasons.tooManyValues);
    return readValues(vr, bytes, littleEndian, characterSet);
  }

  /** Items up to the scope's end or, of a sequence of undefined length, its delimiter. */
  #readItems(scope: DatasetScope): readonly DicomDataset[] {
    if (scope.depth >= maximumDepth) throw new DicomFileError(dicomFileReasons.tooDeep);
    const items: DicomDataset[] = [];
    while (this.position < scope.end || scope.delimited) {
      const index = this.#window.hold(this.position, 8);
      const { tag, length } = this.#itemHeader(index, scope.encoding.littleEndian);
      if (tag === sequenceDelimiter) {
        if (scope.delimited) break;
        continue;
      }
      if (tag !== itemTag) throw new DicomFileError(dicomFileReasons.malformed);
      this.#count();
      items.push(this.#readItem(length, scope));
    }
    return items.length === 0 ? noValues : items;
  }

  #readItem(length: number, scope: DatasetScope): DicomDataset {
    if (length === 0) return emptyDataset;
    const delimited = length === undefinedLength;
    const end = delimited ? scope.end : this.#boundary(length, scope.end);
    const item = new Map<string, DicomElement>();
    this.readElements(item, { ...scope, depth: scope.depth + 1, end, delimited });
    return item;
  }

  #itemHeader(index: number, littleEndian: boolean): { tag: number; length: number } {
    const { bytes } = this.#window;
    this.position += 8;
    if (!littleEndian) return { tag: bytes.readUInt32BE(index), length: bytes.readUInt32BE(index + 4) };
    const tag = bytes.readUInt16LE(index) * 0x10000 + bytes.readUInt16LE(index + 2);
    return { tag, length: bytes.readUInt32LE(index + 4) };
  }

  /** Where a value of this length ends. */
  #boundary(length: number, end: number): number {
    const boundary = this.position + length;
    if (boundary > this.#window.size) throw new DicomFileError(dicomFileReasons.truncated);
    if (boundary > end) throw new DicomFileError(dicomFileReasons.malformed);
    return boundary;
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements > maximumElements) throw new DicomFileError(dicomFileReasons.tooManyElements);
  }
}

/** Of the whole file, so that nothing in it may be read further. */
function isBound({ reason }: DicomFileError): boolean {
  return reason === dicomFileReasons.tooManyElements || reason === dicomFileReasons.tooManyValues;
}
