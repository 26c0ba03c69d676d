import { describe, expect, test } from '@jest/globals';

import { dictionaryEntry, tagOfKeyword } from '../../../src/local/dicom/dictionary.ts';
import { levelOf } from '../../../src/local/dicom/informationLevels.ts';
import { toMetadata } from '../../../src/local/dicom/metadata.ts';
import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';
import { ctImage } from '../../support/dicom/dicomBuilder.ts';

function metadataOf(elements: DatasetInput) {
  return toMetadata(readP10Bytes(writeP10({ ...ctImage, ...elements })).dataset);
}

describe('toMetadata', () => {
  test('names attributes by keyword and leaves bulk values and group lengths out', () => {
    const overlay = { '60020010': 4, '60023000': { vr: 'OW', value: Buffer.alloc(4) } };
    expect(metadataOf({ ...overlay, '00080000': { vr: 'UL', value: 12 }, PatientSex: '' })).toEqual({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: '1.2.3.4.5',
      StudyDate: '20261101',
      StudyTime: '081500',
      Modality: 'CT',
      PatientName: 'Sample^Ada',
      PatientID: 'SAMPLE-001',
      PatientSex: null,
      StudyInstanceUID: '1.2.3',
      SeriesInstanceUID: '1.2.3.4',
      SeriesNumber: '1',
      SamplesPerPixel: 1,
      Rows: 4,
      Columns: 4,
      BitsAllocated: 16,
      PixelRepresentation: 0,
      OverlayRows: 4,
    });
  });

  test('names private and unknown attributes by their tags', () => {
    expect(
      metadataOf({ '00090010': { vr: 'LO', value: 'SAMPLE' }, '00081FFF': { vr: 'LO', value: 'new' } }),
    ).toMatchObject({ '0009,0010': 'SAMPLE', '0008,1FFF': 'new' });
  });

  test('has null for numbers that JSON does not have', () => {
    expect(metadataOf({ RealWorldValueSlope: [Number.NaN, Infinity, 0.5] })).toMatchObject({
      RealWorldValueSlope: [null, null, 0.5],
    });
  });
});

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

  test('what is private or unknown describes the instance', () => {
    expect(['00091001', '00081FFF', '00080000'].map(levelOf)).toEqual(['instance', 'instance', 'instance']);
  });
});

describe('the dictionary', () => {
  test('knows attributes, those of repeating groups, and the meta header', () => {
    expect(['00100010', '60FE3000', '50040005', '00020010', '7FE00010'].map(dictionaryEntry)).toEqual([
      { keyword: 'PatientName', vr: 'PN' },
      { keyword: 'OverlayData', vr: 'OB or OW' },
      { keyword: 'CurveDimensions', vr: 'US' },
      { keyword: 'TransferSyntaxUID', vr: 'UI' },
      { keyword: 'PixelData', vr: 'OB or OW' },
    ]);
  });

  test('knows nothing of odd groups and of what is not there', () => {
    expect(['60013000', '00090010', '00081FFF', ''].map(dictionaryEntry)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(tagOfKeyword('NoSuchKeyword')).toBeUndefined();
  });
});
