import { describe, expect, test } from '@jest/globals';

import { privateRepresentations, renewMetadata, toMetadata } from '../../../src/local/dicom/metadata.ts';
import { readP10Bytes } from '../../../src/local/dicom/read/readP10.ts';
import { writeP10, type DatasetInput } from '../../../src/local/dicom/write/writeP10.ts';
import { ctImage } from '../../support/dicom/dicomBuilder.ts';

function metadataOf(elements: DatasetInput) {
  return toMetadata(readP10Bytes(writeP10({ ...ctImage, ...elements })).dataset);
}

describe('toMetadata', () => {
  test('names attributes by keyword, and leaves out bulk data and group lengths', () => {
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
      SeriesNumber: '1 ',
      SamplesPerPixel: 1,
      Rows: 4,
      Columns: 4,
      BitsAllocated: 16,
      PixelRepresentation: 0,
      OverlayRows: 4,
    });
  });

  test('names private and unknown attributes by their tags, and says what they are', () => {
    const unnamed = { '00090010': { vr: 'LO', value: 'SAMPLE' }, '00081FFF': { vr: 'DS', value: '1.5' } };
    expect(metadataOf(unnamed)).toMatchObject({ '00090010': 'SAMPLE', '00081FFF': '1.5 ' });
    const { dataset } = readP10Bytes(writeP10({ ...ctImage, ...unnamed }));
    expect(privateRepresentations(dataset)).toEqual({ '00090010': 'LO', '00081FFF': 'DS' });
  });

  test('has an array where an attribute may have several values, and null where it has none', () => {
    expect(metadataOf({ SoftwareVersions: '3.1', ImageType: '', WindowCenter: ['40'] })).toMatchObject({
      SoftwareVersions: ['3.1'],
      ImageType: null,
      WindowCenter: ['40'],
    });
  });

  test('has null for infinities and NaN, which JSON does not have', () => {
    expect(metadataOf({ RealWorldValueSlope: [Number.NaN, Infinity, 0.5] })).toMatchObject({
      RealWorldValueSlope: [null, null, 0.5],
    });
  });
});

test('metadata of the first release is renewed', () => {
  expect(
    renewMetadata({
      PatientName: 'Sample^Ada',
      SoftwareVersions: '3.1',
      ImageType: ['ORIGINAL', 'PRIMARY'],
      WindowCenter: null,
      '0019,10F9': '97',
      ContributingEquipmentSequence: [{ SoftwareVersions: '1', '0009,0010': 'SAMPLE' }],
    }),
  ).toEqual({
    PatientName: 'Sample^Ada',
    SoftwareVersions: ['3.1'],
    ImageType: ['ORIGINAL', 'PRIMARY'],
    WindowCenter: null,
    '001910F9': '97',
    ContributingEquipmentSequence: [{ SoftwareVersions: ['1'], '00090010': 'SAMPLE' }],
  });
});
