import { datastoreId } from './fakeHealthImaging.ts';

/** A summary as SearchImageSets sends it: AWS's sample responses write times in exponent form, and null for absent tags. */
export function wireSummary(number: number, tags: object = {}): Record<string, unknown> {
  return {
    imageSetId: String(number).padStart(32, '0'),
    version: 1,
    createdAt: 1.700243522295e9,
    updatedAt: 1.700243522e9 + number,
    lastAccessedAt: null,
    isPrimary: true,
    storageTier: 'FREQUENT_ACCESS',
    DICOMTags: {
      DICOMPatientId: `SAMPLE-${number}`,
      DICOMPatientName: 'Sample^Ada',
      DICOMPatientBirthDate: '19700101',
      DICOMPatientSex: 'F',
      DICOMStudyInstanceUID: `2.25.1.${number}`,
      DICOMStudyId: `${number}`,
      DICOMStudyDescription: 'Synthetic study',
      DICOMNumberOfStudyRelatedSeries: 2,
      DICOMNumberOfStudyRelatedInstances: 40,
      DICOMAccessionNumber: null,
      DICOMSeriesInstanceUID: `2.25.2.${number}`,
      DICOMSeriesModality: 'MR',
      DICOMSeriesBodyPart: 'HEAD',
      DICOMSeriesNumber: 3,
      DICOMStudyDate: '20261101',
      DICOMStudyTime: '101500.000000',
      ...tags,
    },
  };
}

export function wirePage(
  rows: number,
  nextToken: string | null = null,
  from = 0,
  tags: object = {},
): Record<string, unknown> {
  return {
    imageSetsMetadataSummaries: Array.from({ length: rows }, (_, index) => wireSummary(from + index, tags)),
    nextToken,
  };
}

export const wireDatastore = {
  datastoreProperties: {
    datastoreId,
    datastoreName: 'synthetic',
    datastoreStatus: 'ACTIVE',
    createdAt: 1.7e9,
  },
};
