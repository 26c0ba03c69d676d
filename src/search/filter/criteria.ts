/** Shapes SearchCriteria, SearchFilter and SearchByAttributeValue of the service model, as far as they are used. */

export interface DicomStudyDateAndTime {
  /** `yyyyMMdd` */
  readonly DICOMStudyDate: string;
  /** `HHmmss` or `HHmmss.FFFFFF` */
  readonly DICOMStudyTime?: string;
}

/** A tagged union: exactly one member. */
export type SearchByAttributeValue =
  | { readonly DICOMPatientId: string }
  | { readonly DICOMAccessionNumber: string }
  | { readonly DICOMStudyId: string }
  | { readonly DICOMStudyInstanceUID: string }
  | { readonly DICOMSeriesInstanceUID: string }
  | { readonly createdAt: Date }
  | { readonly updatedAt: Date }
  | { readonly DICOMStudyDateAndTime: DicomStudyDateAndTime }
  | { readonly isPrimary: boolean };

export type SearchFilter =
  | { readonly operator: 'EQUAL'; readonly values: readonly [SearchByAttributeValue] }
  | {
      readonly operator: 'BETWEEN';
      readonly values: readonly [SearchByAttributeValue, SearchByAttributeValue];
    };

export interface SearchSort {
  readonly sortField: 'updatedAt' | 'createdAt' | 'DICOMStudyDateAndTime';
  readonly sortOrder: 'ASC' | 'DESC';
}

export interface SearchCriteria {
  /** One or two, joined by AND. Absent to search everything: HealthImaging refuses an empty list. */
  readonly filters?: readonly [SearchFilter] | readonly [SearchFilter, SearchFilter];
  readonly sort?: SearchSort;
}

/** With the search, all that identifies one upstream page. */
export interface PageRequest {
  /** Absent: the first page. */
  readonly nextToken?: string;
  /** 1 to 50. */
  readonly maxResults: number;
}
