import { writeP10, type DatasetInput, type WriteOptions } from '../../../src/local/dicom/write/writeP10.ts';

/** A small but whole CT image. */
export const ctImage: DatasetInput = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '1.2.3.4.5',
  StudyInstanceUID: '1.2.3',
  SeriesInstanceUID: '1.2.3.4',
  Modality: 'CT',
  PatientName: 'Sample^Ada',
  PatientID: 'SAMPLE-001',
  StudyDate: '20261101',
  StudyTime: '081500',
  SeriesNumber: 1,
  Rows: 4,
  Columns: 4,
  SamplesPerPixel: 1,
  BitsAllocated: 16,
  PixelRepresentation: 0,
  PixelData: { vr: 'OW', value: Buffer.alloc(32, 7) },
};

/** A DICOM file: the CT image, with the given elements added or replaced. */
export function dicomFile(elements: DatasetInput = {}, options: WriteOptions = {}): Buffer {
  return writeP10({ ...ctImage, ...elements }, options);
}

/** The CT image without some elements. */
export function dicomFileWithout(...keywords: string[]): Buffer {
  const kept = Object.entries(ctImage).filter(([keyword]) => !keywords.includes(keyword));
  return writeP10(Object.fromEntries(kept));
}

export const preambleAndPrefix = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);

/** A meta header that has only the transfer syntax. */
export function metaHeader(transferSyntaxUid: string): Buffer {
  return element(
    '00020010',
    'UI',
    Buffer.from(transferSyntaxUid.padEnd(transferSyntaxUid.length + (transferSyntaxUid.length % 2), '\0')),
  );
}

/**
 * An element in explicit VR little endian.
 * @param length what the header claims
 */
export function element(tag: string, vr: string, value: Buffer, length = value.length): Buffer {
  const header = Buffer.alloc(8);
  writeTag(header, tag);
  header.write(vr, 4, 'latin1');
  if (!/^(?:OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/.test(vr)) {
    header.writeUInt16LE(length, 6);
    return Buffer.concat([header, value]);
  }
  return Buffer.concat([header, unsigned(length), value]);
}

/**
 * An item, a delimiter, or an element in implicit VR little endian.
 * @param length what the header claims
 */
export function implicitElement(tag: string, value: Buffer, length = value.length): Buffer {
  const header = Buffer.alloc(4);
  writeTag(header, tag);
  return Buffer.concat([header, unsigned(length), value]);
}

export const undefinedLength = 0xffffffff;
export const itemDelimiter = implicitElement('FFFEE00D', Buffer.alloc(0));
export const sequenceDelimiter = implicitElement('FFFEE0DD', Buffer.alloc(0));

/** The three UIDs that every instance has, as elements, in the order of their tags. */
export const identifiers = {
  sopInstance: element('00080018', 'UI', Buffer.from('1.2.3.4.5\0')),
  study: element('0020000D', 'UI', Buffer.from('1.2.3\0')),
  series: element('0020000E', 'UI', Buffer.from('1.2.3.4\0')),
};

function writeTag(bytes: Buffer, tag: string): void {
  bytes.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
