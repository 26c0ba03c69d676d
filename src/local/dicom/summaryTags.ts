import { elementText, type DicomDataset } from './dataset.ts';

/** The text members of DICOMTags, and the attributes they come from. */
const textTags = {
  DICOMPatientId: '00100020',
  DICOMPatientName: '00100010',
  DICOMPatientBirthDate: '00100030',
  DICOMPatientSex: '00100040',
  DICOMStudyInstanceUID: '0020000D',
  DICOMStudyId: '00200010',
  DICOMStudyDescription: '00081030',
  DICOMAccessionNumber: '00080050',
  DICOMSeriesInstanceUID: '0020000E',
  DICOMSeriesModality: '00080060',
  DICOMSeriesBodyPart: '00180015',
  DICOMStudyDate: '00080020',
  DICOMStudyTime: '00080030',
} as const;

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
 * What SearchImageSets shows of an instance. Text is decoded, with several values joined by a backslash, '' for an attribute without
 * a value, and absent for an absent attribute. A number is absent when the file has no valid one.
 */
export function summaryTags(dataset: DicomDataset): SummaryTags {
  const texts = Object.entries(textTags).flatMap(([member, tag]) => {
    const text = elementText(dataset, tag);
    return text === undefined ? [] : [[member, text] as const];
  });
  const numbers = Object.entries(numberTags).flatMap(([member, [tag, least, most]]) => {
    const value = integer(elementText(dataset, tag));
    return value === undefined || value < least || value > most ? [] : [[member, value] as const];
  });
  return Object.fromEntries<string | number>([...texts, ...numbers]);
}

/** IS (PS3.5 6.2): an optional sign and digits, between spaces. Like pydicom, accepts a fraction of zero. */
function integer(text: string | undefined): number | undefined {
  const digits = /^\s*([+-]?\d{1,12})(?:\.0{0,12})?\s*$/.exec(text ?? '')?.[1];
  // Adding zero turns the -0 of "-0" into 0.
  return digits === undefined ? undefined : Number(digits) + 0;
}
