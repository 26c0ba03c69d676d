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
    rows: requiredObjects(response['imageSetsMetadataSummaries'], 'imageSetsMetadataSummaries').map(
      (summary) => toRow(summary, datastoreId),
    ),
    sort: toSort(response),
    nextToken: nextTokenOf(response),
  };
}

function toSort(response: Json): SearchSort | null {
  const sort = optionalObject(response['sort'], 'sort');
  if (sort === null) return null;
  const sortField = optionalMember(sort['sortField'], 'sortField', sortFields);
  const sortOrder = optionalMember(sort['sortOrder'], 'sortOrder', sortOrders);
  return sortField === null || sortOrder === null ? null : { sortField, sortOrder };
}

/** Shape ImageSetsMetadataSummary: every member but imageSetId is optional. */
function toRow(summary: Json, datastoreId: string): ImageSetRow {
  const tags = optionalObject(summary['DICOMTags'], 'DICOMTags');
  return {
    datastoreId,
    imageSetId: requiredText(summary['imageSetId'], 'imageSetId', serviceIdentifier),
    version: optionalInteger(summary['version'], 'version'),
    isPrimary: optionalBoolean(summary['isPrimary'], 'isPrimary'),
    storageTier: optionalMember(summary['storageTier'], 'storageTier', storageTiers),
    createdAt: optionalTime(summary['createdAt'], 'createdAt'),
    updatedAt: optionalTime(summary['updatedAt'], 'updatedAt'),
    lastAccessedAt: optionalTime(summary['lastAccessedAt'], 'lastAccessedAt'),
    dicomTags: tags === null ? null : toDicomTags(tags),
  };
}

function toDicomTags(tags: Json): DicomTags {
  return {
    patientId: optionalText(tags['DICOMPatientId'], 'DICOMPatientId'),
    patientName: optionalText(tags['DICOMPatientName'], 'DICOMPatientName'),
    patientBirthDate: optionalText(tags['DICOMPatientBirthDate'], 'DICOMPatientBirthDate'),
    patientSex: optionalText(tags['DICOMPatientSex'], 'DICOMPatientSex'),
    studyInstanceUid: optionalText(tags['DICOMStudyInstanceUID'], 'DICOMStudyInstanceUID'),
    studyId: optionalText(tags['DICOMStudyId'], 'DICOMStudyId'),
    studyDescription: optionalText(tags['DICOMStudyDescription'], 'DICOMStudyDescription'),
    numberOfStudyRelatedSeries: optionalInteger(
      tags['DICOMNumberOfStudyRelatedSeries'],
      'DICOMNumberOfStudyRelatedSeries',
    ),
    numberOfStudyRelatedInstances: optionalInteger(
      tags['DICOMNumberOfStudyRelatedInstances'],
      'DICOMNumberOfStudyRelatedInstances',
    ),
    accessionNumber: optionalText(tags['DICOMAccessionNumber'], 'DICOMAccessionNumber'),
    seriesInstanceUid: optionalText(tags['DICOMSeriesInstanceUID'], 'DICOMSeriesInstanceUID'),
    seriesModality: optionalText(tags['DICOMSeriesModality'], 'DICOMSeriesModality'),
    seriesBodyPart: optionalText(tags['DICOMSeriesBodyPart'], 'DICOMSeriesBodyPart'),
    seriesNumber: optionalInteger(tags['DICOMSeriesNumber'], 'DICOMSeriesNumber'),
    studyDate: optionalText(tags['DICOMStudyDate'], 'DICOMStudyDate'),
    studyTime: optionalText(tags['DICOMStudyTime'], 'DICOMStudyTime'),
  };
}
