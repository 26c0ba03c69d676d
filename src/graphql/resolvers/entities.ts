import { badUserInput } from '../../errors.ts';
import type { SearchByAttributeValue } from '../../search/filter/criteria.ts';
import { parseDicomUid } from '../../search/filter/filter.ts';
import type { ImagingSeriesResolvers, ImagingStudyResolvers, PatientResolvers } from '../generated.ts';
import { searchImageSets } from './searchImageSets.ts';

export interface PatientReference {
  /** Patient ID (0010,0020). */
  readonly id: string;
}

export interface InstanceReference {
  /** Study or Series Instance UID. */
  readonly instanceUid: string;
}

const maximumTextLength = 512;

/** Representations of other subgraphs hold any JSON, whatever the types say. */
function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function equal(value: SearchByAttributeValue) {
  return { operator: 'EQUAL', values: [value] } as const;
}

function uid(reference: InstanceReference): string {
  const instanceUid = parseDicomUid(reference.instanceUid);
  if (instanceUid === undefined)
    throw badUserInput('instanceUid', 'a DICOM unique identifier of 1 to 64 digits and dots');
  return instanceUid;
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
  imageSets: (reference, args, context) =>
    searchImageSets(context, args, equal({ DICOMStudyInstanceUID: uid(reference) })),
};

export const imagingSeries: ImagingSeriesResolvers = {
  __resolveReference: ({ instanceUid }) => (isText(instanceUid) ? { instanceUid } : null),
  imageSets: (reference, args, context) =>
    searchImageSets(context, args, equal({ DICOMSeriesInstanceUID: uid(reference) })),
};
