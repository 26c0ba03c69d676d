import { serviceIdentifier } from '../../identifiers.ts';
import type { SearchSort } from '../../search/filter/criteria.ts';
import type { DicomTags, ImageSetRow, StorageTier } from '../../search/imageSet.ts';
import {
  nextTokenOf,
  optionalBoolean,
  optionalInteger,
  optionalMember,
  optionalObject,
  optionalText,
  optionalTime,
  requiredObjects,
  requiredText,
  type Json,
} from './readMember.ts';
import type { SearchPage } from '../api.ts';

export const storageTiers: readonly StorageTier[] = ['FREQUENT_ACCESS', 'ARCHIVE_INSTANT_ACCESS'];

const sortFields = ['updatedAt', 'createdAt', 'DICOMStudyDateAndTime'] as const;
const sortOrders = ['ASC', 'DESC'] as const;

/** Shape SearchImageSetsResponse of the service model. */
export function toSearchPage(response: Json, datastoreId: string): SearchPage {
  return {
    rows: requiredObjects(response, 'imageSetsMetadataSummaries').map((summary) =>
      toRow(summary, datastoreId),
    ),
    sort: toSort(response),
    nextToken: nextTokenOf(response),
  };
}

function toSort(response: Json): SearchSort | null {
  const sort = optionalObject(response, 'sort');
  if (sort === null) return null;
  const sortField = optionalMember(sort, 'sortField', sortFields);
  const sortOrder = optionalMember(sort, 'sortOrder', sortOrders);
  return sortField === null || sortOrder === null ? null : { sortField, sortOrder };
}

/** Shape ImageSetsMetadataSummary: every member but imageSetId is optional. */
function toRow(summary: Json, datastoreId: string): ImageSetRow {
  const tags = optionalObject(summary, 'DICOMTags');
  return {
    datastoreId,
    imageSetId: requiredText(summary, 'imageSetId', serviceIdentifier),
    version: optionalInteger(summary, 'version'),
    isPrimary: optionalBoolean(summary, 'isPrimary'),
    storageTier: optionalMember(summary, 'storageTier', storageTiers),
    createdAt: optionalTime(summary, 'createdAt'),
    updatedAt: optionalTime(summary, 'updatedAt'),
    lastAccessedAt: optionalTime(summary, 'lastAccessedAt'),
    dicomTags: tags === null ? null : toDicomTags(tags),
  };
}

function toDicomTags(tags: Json): DicomTags {
  return {
    patientId: optionalText(tags, 'DICOMPatientId'),
    patientName: optionalText(tags, 'DICOMPatientName'),
    patientBirthDate: optionalText(tags, 'DICOMPatientBirthDate'),
    patientSex: optionalText(tags, 'DICOMPatientSex'),
    studyInstanceUid: optionalText(tags, 'DICOMStudyInstanceUID'),
    studyId: optionalText(tags, 'DICOMStudyId'),
    studyDescription: optionalText(tags, 'DICOMStudyDescription'),
    numberOfStudyRelatedSeries: optionalInteger(tags, 'DICOMNumberOfStudyRelatedSeries'),
    numberOfStudyRelatedInstances: optionalInteger(tags, 'DICOMNumberOfStudyRelatedInstances'),
    accessionNumber: optionalText(tags, 'DICOMAccessionNumber'),
    seriesInstanceUid: optionalText(tags, 'DICOMSeriesInstanceUID'),
    seriesModality: optionalText(tags, 'DICOMSeriesModality'),
    seriesBodyPart: optionalText(tags, 'DICOMSeriesBodyPart'),
    seriesNumber: optionalInteger(tags, 'DICOMSeriesNumber'),
    studyDate: optionalText(tags, 'DICOMStudyDate'),
    studyTime: optionalText(tags, 'DICOMStudyTime'),
  };
}
