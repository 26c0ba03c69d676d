import { expect, test } from '@jest/globals';

import { tagsOfMetadata } from '../../../src/healthimaging/metadata/metadataTags.ts';
import { emptyDicomTags as none } from '../../support/dicom/emptyDicomTags.ts';

test('reads the sixteen tags from their levels of the document', () => {
  const document = {
    SchemaVersion: '1.1',
    Patient: {
      DICOM: { PatientID: 'P-1', PatientName: '山田^太郎', PatientBirthDate: '19700101', PatientSex: 'O' },
    },
    Study: {
      DICOM: {
        StudyInstanceUID: '1.2',
        StudyID: 'S',
        StudyDescription: ['a', 'b'],
        NumberOfStudyRelatedSeries: '3',
        NumberOfStudyRelatedInstances: 12,
        AccessionNumber: '',
        StudyDate: 'not-a-date',
        StudyTime: '0815',
      },
      Series: {
        '1.2.3': { DICOM: { Modality: 'CT', BodyPartExamined: 'CHEST', SeriesNumber: '-4' }, Instances: {} },
      },
    },
  };
  expect(tagsOfMetadata(document)).toEqual({
    patientId: 'P-1',
    patientName: '山田^太郎',
    patientBirthDate: '19700101',
    patientSex: 'O',
    studyInstanceUid: '1.2',
    studyId: 'S',
    studyDescription: 'a\\b',
    numberOfStudyRelatedSeries: 3,
    numberOfStudyRelatedInstances: 12,
    accessionNumber: '',
    seriesInstanceUid: '1.2.3',
    seriesModality: 'CT',
    seriesBodyPart: 'CHEST',
    seriesNumber: -4,
    studyDate: 'not-a-date',
    studyTime: '0815',
  });
});

test('gives null for tags that a document lacks or has in another form', () => {
  expect(tagsOfMetadata({})).toEqual(none);
  expect(tagsOfMetadata({ Patient: 'x', Study: { DICOM: null, Series: [] } })).toEqual(none);
  const odd = { Study: { Series: { '1': { DICOM: { SeriesNumber: '99999999999' } } } } };
  expect(tagsOfMetadata(odd)).toEqual({ ...none, seriesInstanceUid: '1' });
});
