/** A text or number as the file has it, or an item of a sequence; null stands for an empty value among others. */
export type DicomValue = string | number | DicomDataset;

export interface DicomElement {
  /** The two letters of PS3.5 table 6.2-1, from the file or, for implicit VR, from the dictionary. */
  readonly vr: string;
  /** Empty both for an element of length zero and for bulk binary values, which are not read. */
  readonly values: readonly (DicomValue | null)[];
}

/** Elements by tag: eight upper-case hexadecimal digits, group and element. In the order of the file. */
export type DicomDataset = ReadonlyMap<string, DicomElement>;

/** What one DICOM file says, its pixel data left in the file. */
export interface DicomInstance {
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** The whole data set but bulk binary values (pixel data, overlays, waveforms, OB, OW and the like). */
  readonly dataset: DicomDataset;
  /** Frames of the pixel data: 0 without any, else at least 1. */
  readonly frameCount: number;
  /** Bytes of one native (uncompressed) frame; absent when encapsulated, or when the file does not tell. */
  readonly frameSizeInBytes?: number;
  readonly hasPixelData: boolean;
  /** Of the data set up to the pixel data: the memory that its values take is in proportion. */
  readonly headerBytes: number;
  /** SHA-256 in hexadecimal of transfer syntax and data set, of which the pixel data goes in by its CRC-32, and what follows not at all. */
  readonly digest: string;
}

/**
 * An element's text as the file has it, its values joined by a backslash.
 * @returns undefined when the element is absent; an empty string when it is there without a value
 */
export function elementText(dataset: DicomDataset, tag: string): string | undefined {
  const element = dataset.get(tag);
  if (element === undefined) return undefined;
  return element.values
    .map((value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : ''))
    .join('\\');
}
