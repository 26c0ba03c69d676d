import type { ImportWarning } from './read/readWarnings.ts';

/** A text or number as the file has it, or an item of a sequence. */
export type DicomValue = string | number | DicomDataset;

export interface DicomElement {
  /** Two letters (PS3.5 table 6.2-1), from the file or, for implicit VR, from the dictionary. */
  readonly vr: string;
  /** null is an empty value among others. No values at all: an element of length zero, or bulk data, which is not read. */
  readonly values: readonly (DicomValue | null)[];
}

/** Elements by tag (group and element, eight upper-case hexadecimal digits), in the order of the file. */
export type DicomDataset = ReadonlyMap<string, DicomElement>;

/** The contents of a DICOM file, except its pixel data. */
export interface DicomInstance {
  readonly transferSyntaxUid: string;
  /** Whether the transfer syntax is that of a meta header, rather than what the data set looks like. */
  readonly hasMetaHeader: boolean;
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** The meta header, with bytes in base64; empty where the file has none. */
  readonly meta: DicomDataset;
  /** Whole, except the values of bulk data: pixel data, overlays, waveforms and whatever else is OB, OW and the like. */
  readonly dataset: DicomDataset;
  /** Frames of the pixel data: 0 without pixel data, otherwise at least 1. */
  readonly frameCount: number;
  /** Bytes of a native (uncompressed) frame; absent for encapsulated pixel data, and when the file does not say. */
  readonly frameSizeInBytes?: number;
  readonly hasPixelData: boolean;
  /** Bytes of the data set up to the pixel data. The memory that the values take is proportional. */
  readonly headerBytes: number;
  /** SHA-256 in hexadecimal of the transfer syntax, the data set up to the pixel data, and the CRC-32 of the pixel data. */
  readonly digest: string;
  /** Where the file is not as DICOM has it, each kind once. */
  readonly warnings: readonly ImportWarning[];
}

/**
 * The text of an element, its values joined by a backslash.
 * @returns undefined when the element is absent, '' when it has no value
 */
export function elementText(dataset: DicomDataset, tag: string): string | undefined {
  const element = dataset.get(tag);
  if (element === undefined) return undefined;
  return element.values
    .map((value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : ''))
    .join('\\');
}
