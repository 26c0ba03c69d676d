import type { DicomTags } from '../../../src/search/imageSet.ts';

/** The sixteen tags of an image set that has none of them. */
export const emptyDicomTags: DicomTags = {
  patientId: null,
  patientName: null,
  patientBirthDate: null,
  patientSex: null,
  studyInstanceUid: null,
  studyId: null,
  studyDescription: null,
  numberOfStudyRelatedSeries: null,
  numberOfStudyRelatedInstances: null,
  accessionNumber: null,
  seriesInstanceUid: null,
  seriesModality: null,
  seriesBodyPart: null,
  seriesNumber: null,
  studyDate: null,
  studyTime: null,
};
