import { badUserInput } from '../../errors.ts';
import type { SearchByAttributeValue } from '../../search/filter/criteria.ts';
import { parseDicomUid } from '../../search/filter/dicomText.ts';
import type { ImagingSeriesResolvers, ImagingStudyResolvers, PatientResolvers } from '../generated.ts';
import { searchImageSets } from './searchImageSets.ts';

/** Of a text that HealthImaging searches for, in characters. */
const maximumTextLength = 512;

/** An entity representation may hold any JSON, whatever the generated types say. */
function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function equal(value: SearchByAttributeValue) {
  return { operator: 'EQUAL', values: [value] } as const;
}

function dicomUid({ instanceUid }: { readonly instanceUid: string }): string {
  const uid = parseDicomUid(instanceUid);
  if (uid === undefined)
    throw badUserInput('instanceUid', 'a DICOM unique identifier of 1 to 64 digits and dots');
  return uid;
}

export const patient: PatientResolvers = {
  __resolveReference: ({ id }) => (isText(id) ? { id } : null),
  imageSets({ id }, args, context) {
    if (id.length > maximumTextLength) throw badUserInput('id', `at most ${maximumTextLength} characters`);
    return searchImageSets(context, args, equal({ DICOMPatientId: id }));
  },
};

export const imagingStudy: ImagingStudyResolvers = {
  __resolveReference: ({ instanceUid }) => (isText(instanceUid) ? { instanceUid } : null),
  imageSets: (study, args, context) =>
    searchImageSets(context, args, equal({ DICOMStudyInstanceUID: dicomUid(study) })),
};

export const imagingSeries: ImagingSeriesResolvers = {
  __resolveReference: ({ instanceUid }) => (isText(instanceUid) ? { instanceUid } : null),
  imageSets: (series, args, context) =>
    searchImageSets(context, args, equal({ DICOMSeriesInstanceUID: dicomUid(series) })),
};
