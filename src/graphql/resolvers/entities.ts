import { identifierConditions } from '../../search/filter/conditions.ts';
import type { ImagingSeriesResolvers, ImagingStudyResolvers, PatientResolvers } from '../generated.ts';
import { searchImageSets } from './searchImageSets.ts';

// Other subgraphs may name any patient, study or series: nothing is read until its image sets are selected. That a
// representation has the text of its key, `types/entityReferences.ts` has checked.

export const patient: PatientResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  imageSets: ({ id }, args, context) =>
    searchImageSets(context, args, identifierConditions.patientId(id, 'id')),
};

export const imagingStudy: ImagingStudyResolvers = {
  __resolveReference: ({ instanceUid }) => ({ instanceUid }),
  imageSets: ({ instanceUid }, args, context) =>
    searchImageSets(context, args, identifierConditions.studyInstanceUid(instanceUid, 'instanceUid')),
};

export const imagingSeries: ImagingSeriesResolvers = {
  __resolveReference: ({ instanceUid }) => ({ instanceUid }),
  imageSets: ({ instanceUid }, args, context) =>
    searchImageSets(context, args, identifierConditions.seriesInstanceUid(instanceUid, 'instanceUid')),
};
