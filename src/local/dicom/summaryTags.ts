import { elementText, type DicomDataset } from './dataset.ts';

/** The text members of DICOMTags, the attributes they come from, and the maximum of the service model, in characters. */
const textTags = {
  DICOMPatientId: ['00100020', 512],
  DICOMPatientName: ['00100010', 512],
  DICOMPatientBirthDate: ['00100030', 36],
  DICOMPatientSex: ['00100040', 16],
  DICOMStudyInstanceUID: ['0020000D', 512],
  DICOMStudyId: ['00200010', 512],
  DICOMStudyDescription: ['00081030', 512],
  DICOMAccessionNumber: ['00080050', 512],
  DICOMSeriesInstanceUID: ['0020000E', 512],
  DICOMSeriesModality: ['00080060', 32],
  DICOMSeriesBodyPart: ['00180015', 128],
  DICOMStudyDate: ['00080020', 36],
  DICOMStudyTime: ['00080030', 56],
} as const;

/** Half an identifier could be another's. */
const identifiers: ReadonlySet<string> = new Set(['DICOMPatientId', 'DICOMStudyId', 'DICOMAccessionNumber']);

/** The numeric members: attribute, minimum and maximum of the service model. */
const numberTags = {
  DICOMSeriesNumber: ['00200011', -(2 ** 31), 2 ** 31 - 1],
  DICOMNumberOfStudyRelatedSeries: ['00201206', 0, 1_000_000],
  DICOMNumberOfStudyRelatedInstances: ['00201208', 0, 1_000_000],
} as const;

/** DICOMTags of the service model. */
export type SummaryTags = {
  -readonly [Member in keyof typeof textTags]?: string;
} & {
  -readonly [Member in keyof typeof numberTags]?: number;
};

/**
 * What SearchImageSets shows of an instance. Text is decoded, without blanks at its ends, with several values joined by a backslash,
 * '' for an attribute without a value, and absent for an absent attribute. Longer text than the service model has is cut; an
 * identifier is absent then. A number is absent when the file has no valid one.
 * @param onLongValue called where text is too long
 */
export function summaryTags(dataset: DicomDataset, onLongValue?: () => void): SummaryTags {
  const texts = Object.entries(textTags).flatMap(([member, [tag, most]]) => {
    const text = elementText(dataset, tag)?.trim();
    if (text === undefined) return [];
    const cut = firstCharacters(text, most);
    if (cut !== text) onLongValue?.();
    return cut !== text && identifiers.has(member) ? [] : [[member, cut] as const];
  });
  const numbers = Object.entries(numberTags).flatMap(([member, [tag, least, most]]) => {
    const value = integer(elementText(dataset, tag));
    return value === undefined || value < least || value > most ? [] : [[member, value] as const];
  });
  return Object.fromEntries<string | number>([...texts, ...numbers]);
}

/** Smithy counts Unicode scalar values, not UTF-16 units. */
function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join('');
}

/** IS (PS3.5 6.2): an optional sign and digits, between spaces. Like pydicom, accepts a fraction of zero. */
function integer(text: string | undefined): number | undefined {
  const digits = /^\s*([+-]?\d{1,12})(?:\.0{0,12})?\s*$/.exec(text ?? '')?.[1];
  // Adding zero turns the -0 of "-0" into 0.
  return digits === undefined ? undefined : Number(digits) + 0;
}
