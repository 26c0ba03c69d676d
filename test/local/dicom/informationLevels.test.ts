import { describe, expect, test } from '@jest/globals';

import { tagOfKeyword } from '../../../src/local/dicom/dictionary.ts';
import { levelOf } from '../../../src/local/dicom/informationLevels.ts';

describe('levelOf', () => {
  test.each([
    ['PatientName', 'patient'],
    ['PatientBirthDate', 'patient'],
    ['ClinicalTrialSubjectID', 'patient'],
    ['StudyInstanceUID', 'study'],
    ['AccessionNumber', 'study'],
    ['PatientAge', 'study'],
    ['ClinicalTrialTimePointID', 'study'],
    ['NumberOfStudyRelatedSeries', 'study'],
    ['Modality', 'series'],
    ['SeriesInstanceUID', 'series'],
    ['BodyPartExamined', 'series'],
    ['Manufacturer', 'series'],
    ['FrameOfReferenceUID', 'series'],
    ['SOPInstanceUID', 'instance'],
    ['InstanceNumber', 'instance'],
    ['Rows', 'instance'],
    ['SpecificCharacterSet', 'instance'],
  ])('%s describes the %s', (keyword, level) => {
    expect(levelOf(tagOfKeyword(keyword) ?? '')).toBe(level);
  });

  test.each(['GantryDetectorTilt', 'ConvolutionKernel', 'ReconstructionDiameter'])(
    '%s describes the series of PET only',
    (keyword) => {
      const tag = tagOfKeyword(keyword) ?? '';
      expect([levelOf(tag), levelOf(tag, true)]).toEqual(['instance', 'series']);
    },
  );

  test('private and unknown attributes describe the instance', () => {
    expect(['00091001', '00081FFF', '00080000'].map((tag) => levelOf(tag))).toEqual([
      'instance',
      'instance',
      'instance',
    ]);
  });
});
