/*
 * A data set is a run of data elements, in ascending order of their tags (PS3.5 section 7). An element has one of three forms:
 *
 *                         0      4    6        8         12
 *   explicit VR, short    | tag  | VR | length | value ...
 *   explicit VR, long     | tag  | VR | 0 0    | length  | value ...
 *   implicit VR           | tag  | length      | value ...
 *
 * The transfer syntax says whether value representations (VR, two letters) are written, and the byte order. The long form is that of
 * OB OD OF OL OV OW SQ SV UC UN UR UT UV. Implicit VRs come from the dictionary.
 *
 * The value of a sequence (SQ) is a run of items, each of which holds a data set of its own. Sequences and items either have a length,
 * or have undefined length (FFFFFFFF) and end with a delimiter. Items and delimiters are a tag and a length, without VR:
 *
 *   SQ with a length      (FFFE,E000) length    elements ...
 *                         (FFFE,E000) length    elements ...
 *
 *   SQ of undefined       (FFFE,E000) length    elements ...
 *   length                (FFFE,E000) FFFFFFFF  elements ...  (FFFE,E00D) 0    item delimiter
 *                         (FFFE,E0DD) 0                                        sequence delimiter
 *
 * Encapsulated pixel data (PS3.5 A.4) has undefined length too, but its items hold bytes: an offset table, then fragments.
 */
import { elementText, type DicomDataset, type DicomElement } from '../dataset.ts';
import { itemDelimiter, itemTag, sequenceDelimiter, undefinedLength } from '../itemTags.ts';
import { characterSetOf, type CharacterSet } from '../text/characterSets.ts';
import { explicitLittleEndian, implicitLittleEndian, type ElementEncoding } from '../transferSyntax.ts';
import {
  looksLikeValueRepresentation,
  valueRepresentationOfCode,
  type ValueRepresentation,
} from '../valueRepresentations.ts';
import type { ByteWindow } from './byteWindow.ts';
import { DicomFileError, dicomFileReasons } from './dicomFileError.ts';
import {
  goesOn,
  isOddExplicit,
  readElementHeader,
  readItemHeader,
  type ElementHeader,
} from './elementHeader.ts';
import { implicitVr } from './implicitVr.ts';
import { countValues, noValues, readValues, tagText } from './readValues.ts';
import { readWarnings, type WarningSet } from './readWarnings.ts';

const specificCharacterSet = 0x00080005;
const pixelRepresentation = 0x00280103;
const pixelDataTags: ReadonlySet<number> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** Real files nest fewer than ten levels; the bound protects the stack. */
const maximumDepth = 64;
/** Elements and items of a file. Enhanced multi-frame objects have about 100,000; the bound protects the memory. */
const maximumElements = 2_000_000;
/** Of a file, without bulk data: HealthImaging's own quota for the metadata of a whole image set. */
const maximumValueBytes = 50_000_000;
/** Of a file. Large structure sets have millions; an empty value takes one byte in the file, and many in memory. */
const maximumValues = 10_000_000;

/** How to read a data set, or an item of a sequence. */
export interface DatasetScope {
  readonly encoding: ElementEncoding;
  readonly characterSet: CharacterSet;
  /** 0 for the data set itself, 1 for the items of its sequences, and so on. */
  readonly depth: number;
  /** The offset that no element may pass. */
  readonly end: number;
  /** Whether it is an item of undefined length, which must end with its delimiter. */
  readonly delimited: boolean;
}

/** Elements without a value are many, and share one object for each value representation. */
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

/** Reads elements one after another. Its position is shared by sequences and their items. */
export class DatasetParser {
  position: number;
  readonly warnings: WarningSet;
  readonly #window: ByteWindow;
  #signedPixels = false;
  #elements = 0;
  #valueBytes = 0;
  #values = 0;

  constructor(window: ByteWindow, position: number, warnings: WarningSet = new Set()) {
    this.#window = window;
    this.position = position;
    this.warnings = warnings;
  }

  /**
   * Reads elements into `target`, up to the end or the delimiter of the scope.
   * @returns the header of the pixel data, whose value is left to the caller; undefined at the end
   * @throws DicomFileError
   */
  readElements(target: Map<string, DicomElement>, scope: DatasetScope): ElementHeader | undefined {
    const encoding = this.#encodingInUse(scope);
    let { characterSet } = scope;
    let last: ElementHeader | undefined;
    while (this.position < scope.end || scope.delimited) {
      const header = this.#readHeader(encoding);
      this.#count();
      if (header.isOdd) this.warnings.add(readWarnings.oddValueRepresentation);
      if (header.tag === itemDelimiter || header.tag === sequenceDelimiter) {
        if (scope.delimited) return undefined;
        // Some writers put a delimiter after items with a length, too.
        continue;
      }
      if (scope.depth === 0 && pixelDataTags.has(header.tag)) return header;
      if (scope.depth === 0 && header.tag === 0 && header.length === 0) {
        // Zeros up to the end of a storage block; dcmtk and pydicom read them as elements without meaning.
        if (this.#isCut(header.start, last)) throw new DicomFileError(dicomFileReasons.truncated);
        this.position = scope.end;
        return undefined;
      }
      last = header;
      const element = this.#readElement(header, encoding, { ...scope, characterSet });
      target.set(tagText(header.tag), element);
      if (header.tag === specificCharacterSet)
        characterSet = characterSetOf(elementText(target, '00080005') ?? '');
      else if (header.tag === pixelRepresentation) this.#signedPixels = element.values[0] === 1;
    }
    return undefined;
  }

  #readHeader(encoding: ElementEncoding): ElementHeader {
    const header = readElementHeader(this.#window, this.position, encoding, this.#signedPixels);
    this.position = header.valueStart;
    return header;
  }

  /**
   * Skips fragments, and the delimiter after them (PS3.5 A.4).
   * @returns how many fragments there are, without the offset table
   */
  skipFragments(end: number, littleEndian: boolean): number {
    const encoding = { explicit: true, littleEndian };
    for (let items = 0; ; items += 1) {
      // Fragments are long, so the bytes after a header are pixels: not worth reading ahead.
      const index = this.#window.holdExactly(this.position, 8);
      const { tag, length } = this.#readItemHeader(index, littleEndian);
      if (tag === sequenceDelimiter) return Math.max(0, items - 1);
      if (tag !== itemTag || length === undefinedLength) throw new DicomFileError(dicomFileReasons.malformed);
      this.position = this.#boundary(length, end, encoding);
    }
  }

  /** Skips a value. Its bytes must be there, but are not read. */
  skip(length: number, end: number): void {
    this.position = this.#boundary(length, end);
  }

  /**
   * Whether zeros begin within the last value: a copy that broke off in a file whose size was there before. Text is padded with one
   * zero at most.
   */
  #isCut(zerosStart: number, last: ElementHeader | undefined): boolean {
    if (last === undefined || last.vr.kind === 'number' || last.vr.kind === 'bulk' || last.length < 2)
      return false;
    return this.#window.slice(zerosStart - 2, 2).readUInt16BE(0) === 0;
  }

  /**
   * Some writers leave value representations out in an explicit syntax, or write them in an implicit one. As pydicom does, this trusts
   * the first element: for a length to look like two capital letters, the element would have to be longer than 16 KB.
   */
  #encodingInUse(scope: DatasetScope): ElementEncoding {
    const { encoding, depth } = scope;
    // Items within implicit VR are implicit, whatever their first length looks like.
    if ((depth > 0 && !encoding.explicit) || this.position + 8 > scope.end) return encoding;
    if (this.position + 8 > this.#window.size) return encoding;
    const index = this.#window.hold(this.position, 8);
    const explicit =
      looksLikeValueRepresentation(this.#window.bytes.readUInt16BE(index + 4)) ||
      (encoding.explicit && isOddExplicit(this.#window, this.position, encoding.littleEndian));
    return explicit === encoding.explicit ? encoding : { ...encoding, explicit };
  }

  #readElement(header: ElementHeader, encoding: ElementEncoding, scope: DatasetScope): DicomElement {
    const { vr, length } = header;
    if (length === undefinedLength) return this.#readUndefinedLength(header, encoding, scope);
    const end = this.#boundary(length, scope.end, encoding);
    if (vr.kind === 'sequence') return this.#readSequence({ ...scope, encoding, end, delimited: false });
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
    const inside = header.vr.name === 'UN' && encoding.explicit ? this.#encodingInUnknown() : encoding;
    return { vr: 'SQ', values: this.#readItems({ ...scope, encoding: inside, delimited: true }) };
  }

  /** UN (PS3.5 6.2.2): the writer did not know the attribute. Where the dictionary does, it is read as what it is. */
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
    return this.#readSequence({ ...scope, encoding: this.#encodingInUnknown(), end, delimited: false });
  }

  /** A sequence with a length: what is wrong within it stays within it. */
  #readSequence(scope: DatasetScope): DicomElement {
    try {
      return { vr: 'SQ', values: this.#readItems(scope) };
    } catch (error) {
      if (!(error instanceof DicomFileError) || isBound(error)) throw error;
      this.warnings.add(readWarnings.brokenSequence);
      this.position = scope.end;
      return emptyElement('UN');
    }
  }

  /**
   * PS3.5 6.2.2: UN holds items in implicit VR little endian. Some writers only put UN in place of SQ: what looks like an element in
   * explicit VR is one, since no implicit length of 16 KB is in an item that is shorter.
   */
  #encodingInUnknown(): ElementEncoding {
    const start = this.position + 8;
    if (start + 8 > this.#window.size) return implicitLittleEndian;
    const index = this.#window.hold(this.position, 16);
    const item = readItemHeader(this.#window.bytes, index, true);
    const length = this.#window.bytes.readUInt16LE(index + 14);
    const known = valueRepresentationOfCode(this.#window.bytes.readUInt16BE(index + 12));
    const fits = known?.longForm === true ? length === 0 : 8 + length <= item.length;
    return item.tag === itemTag && known !== undefined && fits ? explicitLittleEndian : implicitLittleEndian;
  }

  /** Checks the bounds before the values take memory. */
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
    return readValues(vr, bytes, littleEndian, (text, kind) =>
      characterSet(text, kind, () => this.warnings.add(readWarnings.invalidText)),
    );
  }

  /** Reads items up to the end of the scope or, in a sequence of undefined length, its delimiter. */
  #readItems(scope: DatasetScope): readonly DicomDataset[] {
    if (scope.depth >= maximumDepth) throw new DicomFileError(dicomFileReasons.tooDeep);
    const items: DicomDataset[] = [];
    while (this.position < scope.end || scope.delimited) {
      const index = this.#window.hold(this.position, 8);
      const { tag, length } = this.#readItemHeader(index, scope.encoding.littleEndian);
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
    const end = delimited ? scope.end : this.#boundary(length, scope.end, scope.encoding);
    const item = new Map<string, DicomElement>();
    this.readElements(item, { ...scope, depth: scope.depth + 1, end, delimited });
    return item;
  }

  /** @param index of the next eight bytes in what the window holds */
  #readItemHeader(index: number, littleEndian: boolean): ReturnType<typeof readItemHeader> {
    this.position += 8;
    return readItemHeader(this.#window.bytes, index, littleEndian);
  }

  /**
   * The offset where a value of this length ends. It may be behind the end of the container, which some writers make too short: if
   * something follows there, it is read on, as dcmtk does.
   */
  #boundary(length: number, end: number, encoding?: ElementEncoding): number {
    const boundary = this.position + length;
    if (boundary > this.#window.size) throw new DicomFileError(dicomFileReasons.truncated);
    if (boundary <= end) return boundary;
    if (encoding === undefined || !goesOn(this.#window, boundary, encoding))
      throw new DicomFileError(dicomFileReasons.malformed);
    this.warnings.add(readWarnings.shortContainer);
    return boundary;
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements > maximumElements) throw new DicomFileError(dicomFileReasons.tooManyElements);
  }
}

/** Whether a bound of the whole file was reached, so that no part of it may be read any further. */
export function isBound({ reason }: DicomFileError): boolean {
  return reason === dicomFileReasons.tooManyElements || reason === dicomFileReasons.tooManyValues;
}
