/** A DICOM attribute's text stays the text of the file; null where HealthImaging gives none. */
export interface DicomTags {
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly patientBirthDate: string | null;
  readonly patientSex: string | null;
  readonly studyInstanceUid: string | null;
  readonly studyId: string | null;
  readonly studyDescription: string | null;
  readonly numberOfStudyRelatedSeries: number | null;
  readonly numberOfStudyRelatedInstances: number | null;
  readonly accessionNumber: string | null;
  readonly seriesInstanceUid: string | null;
  readonly seriesModality: string | null;
  readonly seriesBodyPart: string | null;
  readonly seriesNumber: number | null;
  readonly studyDate: string | null;
  readonly studyTime: string | null;
}

export type StorageTier = 'FREQUENT_ACCESS' | 'ARCHIVE_INSTANT_ACCESS';

/**
 * One row of a search, as the graph shows it: plain data, mapped once from HealthImaging's summary.
 * Times are RFC 3339 text in UTC with milliseconds.
 */
export interface ImageSetRow {
  readonly datastoreId: string;
  readonly imageSetId: string;
  readonly version: number | null;
  readonly isPrimary: boolean | null;
  readonly storageTier: StorageTier | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly lastAccessedAt: string | null;
  /** Undefined: not part of what was read so far (an image set reached by id); null: HealthImaging gave none. */
  readonly dicomTags: DicomTags | null | undefined;
  /** The version that was asked for, in digits; absent when the newest is meant. */
  readonly pinnedVersionId?: string;
}
