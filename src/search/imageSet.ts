/** DICOM attributes as HealthImaging returns them: text is the file's own; null where it returns none. */
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
 * One image set of a search in the graph's terms: plain data, mapped once from HealthImaging's summary. Times are RFC 3339
 * text in UTC with milliseconds.
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
  /** Undefined: not read yet (an image set reached by id); null: HealthImaging returned none. */
  readonly dicomTags: DicomTags | null | undefined;
  /** The version requested, in digits; absent for the latest. */
  readonly pinnedVersionId?: string;
}
