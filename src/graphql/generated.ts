import type { WrittenJson } from './writtenJson.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ImageSetObject, ImageSetConnectionObject, ImageSetPropertiesObject, ImageSetVersionConnectionObject, DatastoreObject, PatientObject, ImagingStudyObject, ImagingSeriesObject } from './types/objects.ts';
import type { RequestContext } from './context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A point in time as RFC 3339 text. Input needs a time zone: `Z` or an offset such as `+01:00`. Output is always in UTC
   * with milliseconds, for example `2026-11-02T08:15:00.000Z`.
   */
  DateTime: { input: Date; output: string; }
  /** A date of the Gregorian calendar, for input: `YYYYMMDD` (DICOM PS3.5, value representation DA) or `YYYY-MM-DD`. */
  DicomDate: { input: string; output: string; }
  /**
   * A time of day, for input: `HHMMSS` (DICOM PS3.5, value representation TM) or `HH:MM:SS`, optionally with a fraction of
   * a second of up to six digits, as in `081500.123456`.
   */
  DicomTime: { input: string; output: string; }
  /** A DICOM unique identifier (DICOM PS3.5, value representation UI): 1 to 64 digits and dots. */
  DicomUid: { input: string; output: string; }
  /** A JSON object of any form. */
  JSONObject: { input: never; output: WrittenJson; }
};

/** A condition on a Boolean. Exactly one field is given. */
export type BooleanMatch =
  /** Matches this value. */
  { equal: Scalars['Boolean']['input']; };

/** A HealthImaging data store. It holds image sets; a search covers one data store. */
export type Datastore = Node & {
  __typename?: 'Datastore';
  /** The Amazon Resource Name of the data store. */
  arn?: Maybe<Scalars['String']['output']>;
  /** When the data store was created. */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** HealthImaging's identifier of the data store: 32 digits and lower-case letters. */
  datastoreId: Scalars['ID']['output'];
  /** The data store's globally unique identifier in this graph. Opaque; `datastoreId` is HealthImaging's own. */
  id: Scalars['ID']['output'];
  /** The image sets of this data store, or those that match a filter. */
  imageSets?: Maybe<ImageSetConnection>;
  /** The name that the data store was created with. */
  name?: Maybe<Scalars['String']['output']>;
  /** Whether the data store can be used. */
  status?: Maybe<DatastoreStatus>;
  /** When the data store was last updated. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
};


/** A HealthImaging data store. It holds image sets; a search covers one data store. */
export type DatastoreImageSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ImageSetFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ImageSetSort>;
};

/** A page of data stores. */
export type DatastoreConnection = {
  __typename?: 'DatastoreConnection';
  /** The data stores of this page, each with its cursor. */
  edges: Array<DatastoreEdge>;
  /** The data stores of this page, without cursors. */
  nodes: Array<Datastore>;
  /** The position of this page in the list of data stores. */
  pageInfo: PageInfo;
};

/** A data store and its position in the list. */
export type DatastoreEdge = {
  __typename?: 'DatastoreEdge';
  /** The position of this data store. Opaque; pass it as `after` to get the data stores that follow. */
  cursor: Scalars['String']['output'];
  /** The data store. */
  node: Datastore;
};

/** Whether a data store can be used. */
export type DatastoreStatus =
  /** The data store can be used. */
  | 'ACTIVE'
  /** The data store could not be created. */
  | 'CREATE_FAILED'
  /** The data store is being created. */
  | 'CREATING'
  /** The data store was deleted. */
  | 'DELETED'
  /** The data store is being deleted. */
  | 'DELETING';

/** A condition on a point in time. Exactly one field is given. */
export type DateTimeMatch =
  /** Matches any point in time of this range. */
  { between: DateTimeRange; equal?: never; }
  |  /** Matches this point in time, to the millisecond. */
  { between?: never; equal: Scalars['DateTime']['input']; };

/** A range of time, both ends included. `from` must not be after `to`. */
export type DateTimeRange = {
  /** The start of the range. */
  from: Scalars['DateTime']['input'];
  /** The end of the range. */
  to: Scalars['DateTime']['input'];
};

/**
 * The sixteen DICOM tags of a search result. Text is as it stands in the file. A tag that the file does not have is
 * null.
 */
export type DicomTags = {
  __typename?: 'DicomTags';
  /** Accession Number (0008,0050). */
  accessionNumber?: Maybe<Scalars['String']['output']>;
  /** Number of Study Related Instances (0020,1208). */
  numberOfStudyRelatedInstances?: Maybe<Scalars['Int']['output']>;
  /** Number of Study Related Series (0020,1206). */
  numberOfStudyRelatedSeries?: Maybe<Scalars['Int']['output']>;
  /** Patient's Birth Date (0010,0030), as in the file: normally `YYYYMMDD`. */
  patientBirthDate?: Maybe<Scalars['String']['output']>;
  /** Patient ID (0010,0020). */
  patientId?: Maybe<Scalars['String']['output']>;
  /**
   * Patient's Name (0010,0010), in DICOM's form `Family^Given^Middle^Prefix^Suffix`. Ideographic and phonetic forms
   * follow, each after a `=`.
   */
  patientName?: Maybe<Scalars['String']['output']>;
  /** Patient's Sex (0010,0040): normally `M`, `F` or `O`. */
  patientSex?: Maybe<Scalars['String']['output']>;
  /** Body Part Examined (0018,0015), for example `CHEST`. */
  seriesBodyPart?: Maybe<Scalars['String']['output']>;
  /** Series Instance UID (0020,000E). */
  seriesInstanceUid?: Maybe<Scalars['String']['output']>;
  /** Modality (0008,0060), for example `CT`. */
  seriesModality?: Maybe<Scalars['String']['output']>;
  /** Series Number (0020,0011). */
  seriesNumber?: Maybe<Scalars['Int']['output']>;
  /** Study Date (0008,0020), as in the file: normally `YYYYMMDD`. */
  studyDate?: Maybe<Scalars['String']['output']>;
  /** Study Description (0008,1030). */
  studyDescription?: Maybe<Scalars['String']['output']>;
  /** Study ID (0020,0010). */
  studyId?: Maybe<Scalars['String']['output']>;
  /** Study Instance UID (0020,000D). */
  studyInstanceUid?: Maybe<Scalars['String']['output']>;
  /** Study Time (0008,0030), as in the file: normally `HHMMSS` or `HHMMSS.FFFFFF`. */
  studyTime?: Maybe<Scalars['String']['output']>;
};

/**
 * An image set: the instances of one DICOM series whose patient, study and series data agree, as HealthImaging stores
 * them.
 */
export type ImageSet = Node & {
  __typename?: 'ImageSet';
  /** When the image set was created. */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** The data store that the image set is in. */
  datastore?: Maybe<Datastore>;
  /** HealthImaging's identifier of the data store that the image set is in. */
  datastoreId: Scalars['ID']['output'];
  /** The DICOM tags that a search returns. */
  dicomTags?: Maybe<DicomTags>;
  /**
   * The image set's globally unique identifier in this graph. Opaque; `datastoreId` and `imageSetId` are HealthImaging's
   * own.
   */
  id: Scalars['ID']['output'];
  /** HealthImaging's identifier of the image set: 32 digits and lower-case letters. */
  imageSetId: Scalars['ID']['output'];
  /** Whether this is the primary image set of its series. */
  isPrimary?: Maybe<Scalars['Boolean']['output']>;
  /** When the metadata or a frame of the image set was last read. */
  lastAccessedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The whole normalized DICOM metadata document, which may be large. Not part of a search result: selecting it takes a
   * call of GetImageSetMetadata for each image set.
   */
  metadata?: Maybe<Scalars['JSONObject']['output']>;
  /** The patient, by Patient ID (0010,0020); null when the image set has none. */
  patient?: Maybe<Patient>;
  /** State and workflow status. Not part of a search result: selecting it takes a call of GetImageSet for each image set. */
  properties?: Maybe<ImageSetProperties>;
  /** The series, by Series Instance UID (0020,000E); null when the image set has none. */
  series?: Maybe<ImagingSeries>;
  /** The storage tier that HealthImaging keeps the image set in. */
  storageTier?: Maybe<StorageTier>;
  /** The study, by Study Instance UID (0020,000D); null when the image set has none. */
  study?: Maybe<ImagingStudy>;
  /** When the image set was last updated. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The version of the image set, counted from 1. Each change makes a new one. */
  version?: Maybe<Scalars['Int']['output']>;
  /**
   * The versions of the image set, newest first. Not part of a search result: selecting it takes a call of
   * ListImageSetVersions for each image set.
   */
  versions?: Maybe<ImageSetVersionConnection>;
};


/**
 * An image set: the instances of one DICOM series whose patient, study and series data agree, as HealthImaging stores
 * them.
 */
export type ImageSetVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of the image sets that match a search. */
export type ImageSetConnection = {
  __typename?: 'ImageSetConnection';
  /** The image sets of this page, each with its cursor. */
  edges: Array<ImageSetEdge>;
  /** The image sets of this page, without cursors. */
  nodes: Array<ImageSet>;
  /** The position of this page in the search. */
  pageInfo: PageInfo;
  /** The order that HealthImaging says it used; null when it does not say. */
  sort?: Maybe<ImageSetSorting>;
};

/** An image set and its position in a search. */
export type ImageSetEdge = {
  __typename?: 'ImageSetEdge';
  /**
   * The position of this image set. Pass it as `after` to get the image sets that follow. Opaque: encrypted, valid for
   * you and this search only.
   */
  cursor: Scalars['String']['output'];
  /** The image set. */
  node: ImageSet;
};

/**
 * One condition, or two joined by `and`. Exactly one field is given. HealthImaging takes at most two conditions,
 * searches these nine attributes only, and matches text exactly: there are no wildcards.
 */
export type ImageSetFilter =
  /** Accession Number (0008,0050). */
  { accessionNumber: StringMatch; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** One or two conditions, all of which must match. None of them can be an `and`. */
  { accessionNumber?: never; and: Array<ImageSetFilter>; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** When the image set was created. */
  { accessionNumber?: never; and?: never; createdAt: DateTimeMatch; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /**
   * Whether the image set is primary. The primary image set of a series holds the instances whose patient, study and
   * series data agree; instances that conflict with them are kept in non-primary image sets.
   */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary: BooleanMatch; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** Patient ID (0010,0020). */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId: StringMatch; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** Series Instance UID (0020,000E). Matches all image sets of a series, one of which is primary. */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid: UidMatch; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** Study Date (0008,0020) and Study Time (0008,0030). */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime: StudyDateAndTimeMatch; studyId?: never; studyInstanceUid?: never; updatedAt?: never; }
  |  /** Study ID (0020,0010). */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId: StringMatch; studyInstanceUid?: never; updatedAt?: never; }
  |  /** Study Instance UID (0020,000D). Matches all image sets of a study. */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid: UidMatch; updatedAt?: never; }
  |  /** When the image set was last updated. */
  { accessionNumber?: never; and?: never; createdAt?: never; isPrimary?: never; patientId?: never; seriesInstanceUid?: never; studyDateAndTime?: never; studyId?: never; studyInstanceUid?: never; updatedAt: DateTimeMatch; };

/** State and workflow status of an image set, or of one of its versions. */
export type ImageSetProperties = {
  __typename?: 'ImageSetProperties';
  /** The Amazon Resource Name of the image set; null for the entries of `versions`. */
  arn?: Maybe<Scalars['String']['output']>;
  /** When this version was created. */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** When the image set was deleted; null if it was not. */
  deletedAt?: Maybe<Scalars['DateTime']['output']>;
  /** HealthImaging's message about an action that failed. */
  message?: Maybe<Scalars['String']['output']>;
  /** Whether the image set can be read and changed. */
  state: ImageSetState;
  /** When this version was last updated. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The number of the version, as text. */
  versionId: Scalars['String']['output'];
  /** The last action on the image set, and its outcome. */
  workflowStatus?: Maybe<ImageSetWorkflowStatus>;
};

/** The order of the image sets of a search. */
export type ImageSetSort = {
  /** The field that the image sets are ordered by. */
  field?: ImageSetSortField;
  /** The direction of the order. */
  order?: SortOrder;
};

/** The fields that a search can be ordered by. */
export type ImageSetSortField =
  /** When the image set was created. */
  | 'CREATED_AT'
  /** Study Date (0008,0020) and Study Time (0008,0030). */
  | 'STUDY_DATE_AND_TIME'
  /** When the image set was last updated. */
  | 'UPDATED_AT';

/** The order of the image sets of a search. */
export type ImageSetSorting = {
  __typename?: 'ImageSetSorting';
  /** The field that the image sets are ordered by. */
  field: ImageSetSortField;
  /** The direction of the order. */
  order: SortOrder;
};

/** Whether an image set can be read and changed. */
export type ImageSetState =
  /** The image set can be read and changed. */
  | 'ACTIVE'
  /** The image set was deleted. */
  | 'DELETED'
  /** An action on the image set is in progress: it can be read but not changed. */
  | 'LOCKED';

/** A page of the versions of an image set, newest first. */
export type ImageSetVersionConnection = {
  __typename?: 'ImageSetVersionConnection';
  /** The versions of this page, each with its cursor. */
  edges: Array<ImageSetVersionEdge>;
  /** The versions of this page, without cursors. */
  nodes: Array<ImageSetProperties>;
  /** The position of this page in the list of versions. */
  pageInfo: PageInfo;
};

/** A version of an image set and its position in the list. */
export type ImageSetVersionEdge = {
  __typename?: 'ImageSetVersionEdge';
  /** The position of this version. Opaque; pass it as `after` to get the versions that follow. */
  cursor: Scalars['String']['output'];
  /** The version. */
  node: ImageSetProperties;
};

/** The last action on an image set, and its outcome. */
export type ImageSetWorkflowStatus =
  /** The image set was copied. */
  | 'COPIED'
  /** The image set is being copied. */
  | 'COPYING'
  /** The image set is being copied, and can be read meanwhile. */
  | 'COPYING_WITH_READ_ONLY_ACCESS'
  /** The image set could not be copied. */
  | 'COPY_FAILED'
  /** The image set was created. */
  | 'CREATED'
  /** The image set was deleted. */
  | 'DELETED'
  /** The image set is being deleted. */
  | 'DELETING'
  /** Instances were imported into the image set. */
  | 'IMPORTED'
  /** Instances are being imported into the image set. */
  | 'IMPORTING'
  /** Instances could not be imported into the image set. */
  | 'IMPORT_FAILED'
  /** The metadata of the image set was updated. */
  | 'UPDATED'
  /** The metadata of the image set could not be updated. */
  | 'UPDATE_FAILED'
  /** The metadata of the image set is being updated. */
  | 'UPDATING'
  /** The metadata of the image set is being made consistent with the other image sets of its study. */
  | 'UPDATING_FOR_STUDY_CONSISTENCY';

/** A DICOM series, as an entity that subgraphs join on. */
export type ImagingSeries = {
  __typename?: 'ImagingSeries';
  /** The image sets of this series: the primary one, and any that conflict with it. */
  imageSets?: Maybe<ImageSetConnection>;
  /** Series Instance UID (0020,000E). */
  instanceUid: Scalars['ID']['output'];
};


/** A DICOM series, as an entity that subgraphs join on. */
export type ImagingSeriesImageSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
  filter?: InputMaybe<ImageSetFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ImageSetSort>;
};

/** A DICOM study, as an entity that subgraphs join on. */
export type ImagingStudy = {
  __typename?: 'ImagingStudy';
  /** The image sets of this study. */
  imageSets?: Maybe<ImageSetConnection>;
  /** Study Instance UID (0020,000D). */
  instanceUid: Scalars['ID']['output'];
};


/** A DICOM study, as an entity that subgraphs join on. */
export type ImagingStudyImageSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
  filter?: InputMaybe<ImageSetFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ImageSetSort>;
};

/** An object with a globally unique identifier (Relay Global Object Identification Specification). */
export type Node = {
  /**
   * The object's globally unique identifier in this graph. Opaque; `imageSetId` and `datastoreId` are HealthImaging's
   * own.
   */
  id: Scalars['ID']['output'];
};

/** The position of a page in its connection (Relay Cursor Connections Specification). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /**
   * The cursor of the last item of this page: pass it as `after` to get the next page. Null when the page is empty and
   * nothing follows.
   */
  endCursor?: Maybe<Scalars['String']['output']>;
  /**
   * Whether at least one more item follows this page. Exact: never true on the last page. Computed only when selected,
   * since it may take more calls of HealthImaging.
   */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether `after` was given. Paging backwards is not possible, since HealthImaging only pages forwards. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item of this page; null when the page is empty. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** A patient, as an entity that subgraphs join on. */
export type Patient = {
  __typename?: 'Patient';
  /** Patient ID (0010,0020). */
  id: Scalars['ID']['output'];
  /** The image sets with this Patient ID. */
  imageSets?: Maybe<ImageSetConnection>;
};


/** A patient, as an entity that subgraphs join on. */
export type PatientImageSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
  filter?: InputMaybe<ImageSetFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ImageSetSort>;
};

/** The root fields of a query. */
export type Query = {
  __typename?: 'Query';
  /** One data store. Null, without an error, when it does not exist or you may not read it. */
  datastore?: Maybe<Datastore>;
  /** The data stores that you may search, in the order in which they are configured. */
  datastores?: Maybe<DatastoreConnection>;
  /** One image set. Null, without an error, when it does not exist or you may not read it. */
  imageSet?: Maybe<ImageSet>;
  /**
   * The image sets of one data store, or those that match a filter, in the order of `sort`. Page through them with
   * `first` and `after`. A search that HealthImaging cannot do fails with BAD_USER_INPUT, before it is sent.
   */
  imageSets?: Maybe<ImageSetConnection>;
  /** The `ImageSet` or `Datastore` with this `id`. Null, without an error, when it does not exist or you may not read it. */
  node?: Maybe<Node>;
  /**
   * The objects with these `id`s, in the order of `ids`. Null, without an error, for one that does not exist or that you
   * may not read.
   */
  nodes: Array<Maybe<Node>>;
};


/** The root fields of a query. */
export type QueryDatastoreArgs = {
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
};


/** The root fields of a query. */
export type QueryDatastoresArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** The root fields of a query. */
export type QueryImageSetArgs = {
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
  imageSetId: Scalars['ID']['input'];
  version?: InputMaybe<Scalars['Int']['input']>;
};


/** The root fields of a query. */
export type QueryImageSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  datastoreId?: InputMaybe<Scalars['ID']['input']>;
  filter?: InputMaybe<ImageSetFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ImageSetSort>;
};


/** The root fields of a query. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** The root fields of a query. */
export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};

/** The direction of an order. */
export type SortOrder =
  /** Lowest or oldest first. */
  | 'ASC'
  /** Highest or newest first. */
  | 'DESC';

/** A storage tier of HealthImaging. */
export type StorageTier =
  /** For image sets that were not read for 30 days. They can still be read at once. */
  | 'ARCHIVE_INSTANT_ACCESS'
  /** For image sets that were read within the last 30 days. */
  | 'FREQUENT_ACCESS';

/** A condition on text. Exactly one field is given. */
export type StringMatch =
  /** Matches this text exactly, as a whole. At most 512 characters. */
  { equal: Scalars['String']['input']; };

/**
 * A date, or a date and a time, in the local time of the device that wrote them: Study Date and Study Time have no time
 * zone. Without `time`, it stands for the whole day: for its start as a lower bound, for its end as an upper one.
 */
export type StudyDateAndTime = {
  /** The date. */
  date: Scalars['DicomDate']['input'];
  /** The time of that day. */
  time?: InputMaybe<Scalars['DicomTime']['input']>;
};

/** A condition on the date and time of a study. Exactly one field is given. */
export type StudyDateAndTimeMatch =
  /** Matches any date and time of this range. */
  { between: StudyDateAndTimeRange; equal?: never; }
  |  /** Matches this date and time or, without a time, any time of that day. */
  { between?: never; equal: StudyDateAndTime; };

/** A range of study dates and times, both ends included. `from` must not be after `to`. */
export type StudyDateAndTimeRange = {
  /** The start of the range. Without a time, the start of that day. */
  from: StudyDateAndTime;
  /** The end of the range. Without a time, the end of that day. */
  to: StudyDateAndTime;
};

/** A condition on a DICOM unique identifier. Exactly one field is given. */
export type UidMatch =
  /** Matches this identifier. */
  { equal: Scalars['DicomUid']['input']; };



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Datastore: Datastore;
  ImageSet: ImageSet;
  ImagingSeries: ImagingSeries;
  ImagingStudy: ImagingStudy;
  Patient: Patient;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Datastore:
    ( { __typename: 'Datastore' }
    & ( GraphQLRecursivePick<FederationTypes['Datastore'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Datastore'], {"datastoreId":true}> ) );
  ImageSet:
    ( { __typename: 'ImageSet' }
    & ( GraphQLRecursivePick<FederationTypes['ImageSet'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['ImageSet'], {"datastoreId":true,"imageSetId":true}> ) );
  ImagingSeries:
    ( { __typename: 'ImagingSeries' }
    & GraphQLRecursivePick<FederationTypes['ImagingSeries'], {"instanceUid":true}> );
  ImagingStudy:
    ( { __typename: 'ImagingStudy' }
    & GraphQLRecursivePick<FederationTypes['ImagingStudy'], {"instanceUid":true}> );
  Patient:
    ( { __typename: 'Patient' }
    & GraphQLRecursivePick<FederationTypes['Patient'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( DatastoreObject )
    | ( ImageSetObject )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  BooleanMatch: BooleanMatch;
  Datastore: ResolverTypeWrapper<DatastoreObject>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  DatastoreConnection: ResolverTypeWrapper<Omit<DatastoreConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['DatastoreEdge']>, nodes: Array<ResolversTypes['Datastore']> }>;
  DatastoreEdge: ResolverTypeWrapper<Omit<DatastoreEdge, 'node'> & { node: ResolversTypes['Datastore'] }>;
  DatastoreStatus: DatastoreStatus;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DateTimeMatch: DateTimeMatch;
  DateTimeRange: DateTimeRange;
  DicomDate: ResolverTypeWrapper<Scalars['DicomDate']['output']>;
  DicomTags: ResolverTypeWrapper<DicomTags>;
  DicomTime: ResolverTypeWrapper<Scalars['DicomTime']['output']>;
  DicomUid: ResolverTypeWrapper<Scalars['DicomUid']['output']>;
  ImageSet: ResolverTypeWrapper<ImageSetObject>;
  ImageSetConnection: ResolverTypeWrapper<ImageSetConnectionObject>;
  ImageSetEdge: ResolverTypeWrapper<Omit<ImageSetEdge, 'node'> & { node: ResolversTypes['ImageSet'] }>;
  ImageSetFilter: ImageSetFilter;
  ImageSetProperties: ResolverTypeWrapper<ImageSetPropertiesObject>;
  ImageSetSort: ImageSetSort;
  ImageSetSortField: ImageSetSortField;
  ImageSetSorting: ResolverTypeWrapper<ImageSetSorting>;
  ImageSetState: ImageSetState;
  ImageSetVersionConnection: ResolverTypeWrapper<ImageSetVersionConnectionObject>;
  ImageSetVersionEdge: ResolverTypeWrapper<Omit<ImageSetVersionEdge, 'node'> & { node: ResolversTypes['ImageSetProperties'] }>;
  ImageSetWorkflowStatus: ImageSetWorkflowStatus;
  ImagingSeries: ResolverTypeWrapper<ImagingSeriesObject>;
  ImagingStudy: ResolverTypeWrapper<ImagingStudyObject>;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Patient: ResolverTypeWrapper<PatientObject>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SortOrder: SortOrder;
  StorageTier: StorageTier;
  StringMatch: StringMatch;
  StudyDateAndTime: StudyDateAndTime;
  StudyDateAndTimeMatch: StudyDateAndTimeMatch;
  StudyDateAndTimeRange: StudyDateAndTimeRange;
  UidMatch: UidMatch;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  BooleanMatch: BooleanMatch;
  Datastore: DatastoreObject;
  ID: Scalars['ID']['output'];
  DatastoreConnection: Omit<DatastoreConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['DatastoreEdge']>, nodes: Array<ResolversParentTypes['Datastore']> };
  DatastoreEdge: Omit<DatastoreEdge, 'node'> & { node: ResolversParentTypes['Datastore'] };
  DateTime: Scalars['DateTime']['output'];
  DateTimeMatch: DateTimeMatch;
  DateTimeRange: DateTimeRange;
  DicomDate: Scalars['DicomDate']['output'];
  DicomTags: DicomTags;
  DicomTime: Scalars['DicomTime']['output'];
  DicomUid: Scalars['DicomUid']['output'];
  ImageSet: ImageSetObject;
  ImageSetConnection: ImageSetConnectionObject;
  ImageSetEdge: Omit<ImageSetEdge, 'node'> & { node: ResolversParentTypes['ImageSet'] };
  ImageSetFilter: ImageSetFilter;
  ImageSetProperties: ImageSetPropertiesObject;
  ImageSetSort: ImageSetSort;
  ImageSetSorting: ImageSetSorting;
  ImageSetVersionConnection: ImageSetVersionConnectionObject;
  ImageSetVersionEdge: Omit<ImageSetVersionEdge, 'node'> & { node: ResolversParentTypes['ImageSetProperties'] };
  ImagingSeries: ImagingSeriesObject;
  ImagingStudy: ImagingStudyObject;
  JSONObject: Scalars['JSONObject']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: PageInfo;
  Patient: PatientObject;
  Query: Record<PropertyKey, never>;
  StringMatch: StringMatch;
  StudyDateAndTime: StudyDateAndTime;
  StudyDateAndTimeMatch: StudyDateAndTimeMatch;
  StudyDateAndTimeRange: StudyDateAndTimeRange;
  UidMatch: UidMatch;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type CostDirectiveArgs = {
  weight: Scalars['Int']['input'];
};

export type CostDirectiveResolver<Result, Parent, ContextType = RequestContext, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
  requireOneSlicingArgument?: Maybe<Scalars['Boolean']['input']>;
  sizedFields?: Maybe<Array<Scalars['String']['input']>>;
  slicingArguments?: Maybe<Array<Scalars['String']['input']>>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = RequestContext, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ShareableDirectiveArgs = { };

export type ShareableDirectiveResolver<Result, Parent, ContextType = RequestContext, Args = ShareableDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type DatastoreResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Datastore'] = ResolversParentTypes['Datastore'], FederationReferenceType extends FederationReferenceTypes['Datastore'] = FederationReferenceTypes['Datastore']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Datastore']> | FederationReferenceType, FederationReferenceType, ContextType>;
  arn?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  datastoreId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageSets?: Resolver<Maybe<ResolversTypes['ImageSetConnection']>, ParentType, ContextType, Partial<DatastoreImageSetsArgs>>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['DatastoreStatus']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DatastoreConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DatastoreConnection'] = ResolversParentTypes['DatastoreConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DatastoreEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Datastore']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatastoreEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DatastoreEdge'] = ResolversParentTypes['DatastoreEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Datastore'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DicomDateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DicomDate'], any> {
  name: 'DicomDate';
}

export type DicomTagsResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DicomTags'] = ResolversParentTypes['DicomTags']> = {
  accessionNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  numberOfStudyRelatedInstances?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  numberOfStudyRelatedSeries?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  patientBirthDate?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  patientId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  patientName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  patientSex?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seriesBodyPart?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seriesInstanceUid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seriesModality?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seriesNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  studyDate?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  studyDescription?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  studyId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  studyInstanceUid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  studyTime?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface DicomTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DicomTime'], any> {
  name: 'DicomTime';
}

export interface DicomUidScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DicomUid'], any> {
  name: 'DicomUid';
}

export type ImageSetResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSet'] = ResolversParentTypes['ImageSet'], FederationReferenceType extends FederationReferenceTypes['ImageSet'] = FederationReferenceTypes['ImageSet']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ImageSet']> | FederationReferenceType, FederationReferenceType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  datastore?: Resolver<Maybe<ResolversTypes['Datastore']>, ParentType, ContextType>;
  datastoreId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dicomTags?: Resolver<Maybe<ResolversTypes['DicomTags']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageSetId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isPrimary?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastAccessedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  metadata?: Resolver<Maybe<ResolversTypes['JSONObject']>, ParentType, ContextType>;
  patient?: Resolver<Maybe<ResolversTypes['Patient']>, ParentType, ContextType>;
  properties?: Resolver<Maybe<ResolversTypes['ImageSetProperties']>, ParentType, ContextType>;
  series?: Resolver<Maybe<ResolversTypes['ImagingSeries']>, ParentType, ContextType>;
  storageTier?: Resolver<Maybe<ResolversTypes['StorageTier']>, ParentType, ContextType>;
  study?: Resolver<Maybe<ResolversTypes['ImagingStudy']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  versions?: Resolver<Maybe<ResolversTypes['ImageSetVersionConnection']>, ParentType, ContextType, Partial<ImageSetVersionsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ImageSetConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetConnection'] = ResolversParentTypes['ImageSetConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ImageSetEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ImageSet']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sort?: Resolver<Maybe<ResolversTypes['ImageSetSorting']>, ParentType, ContextType>;
};

export type ImageSetEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetEdge'] = ResolversParentTypes['ImageSetEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ImageSet'], ParentType, ContextType>;
};

export type ImageSetPropertiesResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetProperties'] = ResolversParentTypes['ImageSetProperties']> = {
  arn?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  deletedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ImageSetState'], ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  versionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  workflowStatus?: Resolver<Maybe<ResolversTypes['ImageSetWorkflowStatus']>, ParentType, ContextType>;
};

export type ImageSetSortingResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetSorting'] = ResolversParentTypes['ImageSetSorting']> = {
  field?: Resolver<ResolversTypes['ImageSetSortField'], ParentType, ContextType>;
  order?: Resolver<ResolversTypes['SortOrder'], ParentType, ContextType>;
};

export type ImageSetVersionConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetVersionConnection'] = ResolversParentTypes['ImageSetVersionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ImageSetVersionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ImageSetProperties']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ImageSetVersionEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImageSetVersionEdge'] = ResolversParentTypes['ImageSetVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ImageSetProperties'], ParentType, ContextType>;
};

export type ImagingSeriesResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImagingSeries'] = ResolversParentTypes['ImagingSeries'], FederationReferenceType extends FederationReferenceTypes['ImagingSeries'] = FederationReferenceTypes['ImagingSeries']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ImagingSeries']> | FederationReferenceType, FederationReferenceType, ContextType>;
  imageSets?: Resolver<Maybe<ResolversTypes['ImageSetConnection']>, ParentType, ContextType, Partial<ImagingSeriesImageSetsArgs>>;
  instanceUid?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ImagingStudyResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['ImagingStudy'] = ResolversParentTypes['ImagingStudy'], FederationReferenceType extends FederationReferenceTypes['ImagingStudy'] = FederationReferenceTypes['ImagingStudy']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ImagingStudy']> | FederationReferenceType, FederationReferenceType, ContextType>;
  imageSets?: Resolver<Maybe<ResolversTypes['ImageSetConnection']>, ParentType, ContextType, Partial<ImagingStudyImageSetsArgs>>;
  instanceUid?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export interface JsonObjectScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSONObject'], any> {
  name: 'JSONObject';
}

export type NodeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType?: TypeResolveFn<'Datastore' | 'ImageSet', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PatientResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Patient'] = ResolversParentTypes['Patient'], FederationReferenceType extends FederationReferenceTypes['Patient'] = FederationReferenceTypes['Patient']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Patient']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageSets?: Resolver<Maybe<ResolversTypes['ImageSetConnection']>, ParentType, ContextType, Partial<PatientImageSetsArgs>>;
};

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  datastore?: Resolver<Maybe<ResolversTypes['Datastore']>, ParentType, ContextType, Partial<QueryDatastoreArgs>>;
  datastores?: Resolver<Maybe<ResolversTypes['DatastoreConnection']>, ParentType, ContextType, Partial<QueryDatastoresArgs>>;
  imageSet?: Resolver<Maybe<ResolversTypes['ImageSet']>, ParentType, ContextType, RequireFields<QueryImageSetArgs, 'imageSetId'>>;
  imageSets?: Resolver<Maybe<ResolversTypes['ImageSetConnection']>, ParentType, ContextType, Partial<QueryImageSetsArgs>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
};

export type Resolvers<ContextType = RequestContext> = {
  Datastore?: DatastoreResolvers<ContextType>;
  DatastoreConnection?: DatastoreConnectionResolvers<ContextType>;
  DatastoreEdge?: DatastoreEdgeResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DicomDate?: GraphQLScalarType;
  DicomTags?: DicomTagsResolvers<ContextType>;
  DicomTime?: GraphQLScalarType;
  DicomUid?: GraphQLScalarType;
  ImageSet?: ImageSetResolvers<ContextType>;
  ImageSetConnection?: ImageSetConnectionResolvers<ContextType>;
  ImageSetEdge?: ImageSetEdgeResolvers<ContextType>;
  ImageSetProperties?: ImageSetPropertiesResolvers<ContextType>;
  ImageSetSorting?: ImageSetSortingResolvers<ContextType>;
  ImageSetVersionConnection?: ImageSetVersionConnectionResolvers<ContextType>;
  ImageSetVersionEdge?: ImageSetVersionEdgeResolvers<ContextType>;
  ImagingSeries?: ImagingSeriesResolvers<ContextType>;
  ImagingStudy?: ImagingStudyResolvers<ContextType>;
  JSONObject?: GraphQLScalarType;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Patient?: PatientResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = RequestContext> = {
  cost?: CostDirectiveResolver<any, any, ContextType>;
  listSize?: ListSizeDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
};
