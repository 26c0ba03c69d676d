import { describe, expect, test } from '@jest/globals';

import type { DicomDataset } from '../../../src/local/dicom/dataset.ts';
import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { summaryTags } from '../../../src/local/dicom/summaryTags.ts';
import { dicomFile } from '../../support/dicom/dicomBuilder.ts';

describe('summaryTags', () => {
  test('has the sixteen members of DICOMTags', () => {
    const file = dicomFile({
      PatientBirthDate: '19621210',
      PatientSex: 'F',
      StudyID: 'ST0001',
      StudyDescription: 'CT chest',
      AccessionNumber: 'SYN1',
      BodyPartExamined: 'CHEST',
      NumberOfStudyRelatedSeries: '3',
      NumberOfStudyRelatedInstances: '120',
    });
    expect(summaryTags(readP10Bytes(file).dataset)).toEqual({
      DICOMPatientId: 'SAMPLE-001',
      DICOMPatientName: 'Sample^Ada',
      DICOMPatientBirthDate: '19621210',
      DICOMPatientSex: 'F',
      DICOMStudyInstanceUID: '1.2.3',
      DICOMStudyId: 'ST0001',
      DICOMStudyDescription: 'CT chest',
      DICOMNumberOfStudyRelatedSeries: 3,
      DICOMNumberOfStudyRelatedInstances: 120,
      DICOMAccessionNumber: 'SYN1',
      DICOMSeriesInstanceUID: '1.2.3.4',
      DICOMSeriesModality: 'CT',
      DICOMSeriesBodyPart: 'CHEST',
      DICOMSeriesNumber: 1,
      DICOMStudyDate: '20261101',
      DICOMStudyTime: '081500',
    });
  });

  test('has no member for an absent element, and empty text for one without a value', () => {
    const dataset: DicomDataset = new Map([
      ['00100010', { vr: 'PN', values: [] }],
      ['00080060', { vr: 'CS', values: ['CT', null, 'PT'] }],
    ]);
    expect(summaryTags(dataset)).toEqual({ DICOMPatientName: '', DICOMSeriesModality: 'CT\\\\PT' });
  });

  const withNumber = (tag: string, ...values: string[]) =>
    summaryTags(new Map([[tag, { vr: 'IS', values }]]));

  test.each([
    ['0', 0],
    ['-1', -1],
    [' +12 ', 12],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['7.00', 7],
    ['-0', 0],
    ['2147483648', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['one', undefined],
    ['', undefined],
  ])('reads the series number %j as %s', (text, number) => {
    expect(withNumber('00200011', text)).toEqual(number === undefined ? {} : { DICOMSeriesNumber: number });
  });

  test('has no number for an element with several values', () => {
    expect(withNumber('00200011', '1', '2')).toEqual({});
  });

  test.each([
    ['0', 0],
    ['1000000', 1_000_000],
    ['1000001', undefined],
    ['-1', undefined],
  ])('reads the count %s as %s', (text, number) => {
    expect(withNumber('00201206', text)).toEqual(
      number === undefined ? {} : { DICOMNumberOfStudyRelatedSeries: number },
    );
    expect(withNumber('00201208', text)).toEqual(
      number === undefined ? {} : { DICOMNumberOfStudyRelatedInstances: number },
    );
  });
});
