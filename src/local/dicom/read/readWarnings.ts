/** Why a file is not as DICOM has it, though it was read. Sentences are fixed, and never have a value of the file. */
export interface ImportWarning {
  /** HealthImaging's reason code, and its name (AWS, "Understanding import jobs"). */
  readonly code: number;
  readonly type: string;
  readonly message: string;
}

function warning(code: number, type: string, message: string): ImportWarning {
  return { code, type, message };
}

export const readWarnings = {
  oddValueRepresentation: warning(
    45062,
    'ELEMENTS_DISCARDED',
    'Elements have a value representation that DICOM does not have: their values were left out, unless the data dictionary knows them.',
  ),
  shortContainer: warning(
    0xbfff,
    'OTHER',
    'Sequences or items are longer than they say: they were read to their end.',
  ),
  brokenSequence: warning(
    45062,
    'ELEMENTS_DISCARDED',
    'Sequences are not made of items: their values were left out.',
  ),
  trailingBytes: warning(
    45062,
    'ELEMENTS_DISCARDED',
    'Bytes after the pixel data are not elements: they were left out.',
  ),
  noMetaHeader: warning(
    0xbfff,
    'OTHER',
    'There is no meta header that says the transfer syntax: it was found by looking.',
  ),
  invalidText: warning(
    45056,
    'COERCION_OF_DATA_ELEMENTS',
    'Text is not valid in its character set: such bytes were read as ISO 8859-1.',
  ),
  irregularUid: warning(
    0xb201,
    'INVALID_UID_FORMAT',
    'UIDs have more than 64 characters or begin with blanks.',
  ),
  longValue: warning(
    0xb202,
    'INVALID_DICOM_VALUE_LENGTH',
    'Values are longer than HealthImaging searches take: searches have no such identifier, and other text cut.',
  ),
} as const;

/** The warnings of one file, each once. */
export type WarningSet = Set<ImportWarning>;
