/** What was expected of a DICOM file and not found. Fixed sentences, which never have a value of the file. */
export const dicomFileReasons = {
  notDicom:
    'Expected a DICOM file: "DICM" after a preamble of 128 bytes, or a data set that begins with its meta header.',
  truncated: 'Expected more bytes: the file ends within an element, an item or a fragment.',
  malformed:
    'Expected a well-formed DICOM data set: elements, items and delimiters nested as PS3.5 section 7 has them.',
  tooDeep: 'Expected sequences nested no deeper than 64 levels.',
  tooManyElements: 'Expected no more than 2,000,000 elements and items.',
  tooManyValues:
    'Expected no more than 50 MB and 10,000,000 values besides bulk data: HealthImaging takes no more metadata for an image set.',
  badDeflate: 'Expected a deflated data set that inflates.',
  inflatesTooFar: 'Expected a deflated data set that inflates to no more than 256 MB.',
  noTransferSyntax: 'Expected a meta header with a Transfer Syntax UID (0002,0010).',
  noSopInstanceUid: 'Expected a SOP Instance UID (0008,0018).',
  noSeriesInstanceUid: 'Expected a Series Instance UID (0020,000E).',
  noStudyInstanceUid: 'Expected a Study Instance UID (0020,000D).',
  invalidUid: 'Expected UIDs of digits and dots, 256 characters at most.',
  dicomDirectory: 'Expected a composite DICOM object, not a directory of files (DICOMDIR).',
} as const;

export type DicomFileReason = (typeof dicomFileReasons)[keyof typeof dicomFileReasons];

/** A file that cannot be read as a DICOM instance. */
export class DicomFileError extends Error {
  readonly reason: DicomFileReason;

  constructor(reason: DicomFileReason, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'DicomFileError';
    this.reason = reason;
  }
}
