/** Shapes SearchCriteria, SearchFilter and SearchByAttributeValue of the service model, as the core builds them. */

export interface DicomStudyDateAndTime {
  /** `yyyyMMdd` */
  readonly DICOMStudyDate: string;
  /** `HHmmss` or `HHmmss.FFFFFF` */
  readonly DICOMStudyTime?: string;
}

/** Exactly one member, as the tagged union demands. */
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
  /** One or two, joined by AND; absent when everything is searched (an empty list would be refused). */
  readonly filters?: readonly [SearchFilter] | readonly [SearchFilter, SearchFilter];
  readonly sort?: SearchSort;
}

/** One upstream page is named by what was searched, the token that leads to it and how many rows were asked for. */
export interface PageRequest {
  /** Absent: the first page. */
  readonly nextToken?: string;
  /** 1 to 50. */
  readonly maxResults: number;
}
