/**
 * The constraints of the service model (2026-05-05) on the inputs of operations. A test compares every entry with the model.
 */
export type Shape =
  | StringShape
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'timestamp' }
  | { readonly type: 'boolean' }
  | BlobShape
  | ListShape
  | StructureShape;

export interface StringShape {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Bytes, in JSON as base64. */
export interface BlobShape {
  readonly type: 'blob';
  readonly min: number;
  readonly max: number;
}

export interface ListShape {
  readonly type: 'list';
  readonly min: number;
  readonly max: number;
  readonly member: Shape;
}

export interface StructureShape {
  readonly type: 'structure';
  readonly required?: readonly string[];
  /** Whether exactly one member must be set. */
  readonly union?: true;
  readonly members: Readonly<Record<string, Shape>>;
}

/** Of data stores and image sets. */
const identifier: StringShape = { type: 'string', pattern: '[0-9a-z]{32}' };
const text512: StringShape = { type: 'string', min: 0, max: 512 };
const uid: StringShape = { ...text512, pattern: '[0-9.]+' };
const versionId: StringShape = { type: 'string', pattern: '\\d+' };
const maxResults: Shape = { type: 'integer', min: 1, max: 50 };
const nextToken: StringShape = { type: 'string', min: 1, max: 8192, pattern: '\\p{ASCII}{0,8192}' };

const searchByAttributeValue: StructureShape = {
  type: 'structure',
  union: true,
  members: {
    DICOMPatientId: text512,
    DICOMAccessionNumber: text512,
    DICOMStudyId: text512,
    DICOMStudyInstanceUID: uid,
    DICOMSeriesInstanceUID: uid,
    createdAt: { type: 'timestamp' },
    updatedAt: { type: 'timestamp' },
    DICOMStudyDateAndTime: {
      type: 'structure',
      required: ['DICOMStudyDate'],
      members: {
        DICOMStudyDate: { type: 'string', min: 0, max: 36 },
        DICOMStudyTime: { type: 'string', min: 0, max: 56 },
      },
    },
    isPrimary: { type: 'boolean' },
  },
};

const searchCriteria: StructureShape = {
  type: 'structure',
  members: {
    filters: {
      type: 'list',
      min: 1,
      max: 2,
      member: {
        type: 'structure',
        required: ['values', 'operator'],
        members: {
          values: { type: 'list', min: 1, max: 2, member: searchByAttributeValue },
          operator: { type: 'string', enum: ['EQUAL', 'BETWEEN'] },
        },
      },
    },
    sort: {
      type: 'structure',
      required: ['sortOrder', 'sortField'],
      members: {
        sortOrder: { type: 'string', enum: ['ASC', 'DESC'] },
        sortField: { type: 'string', enum: ['updatedAt', 'createdAt', 'DICOMStudyDateAndTime'] },
      },
    },
  },
};

const attributes: BlobShape = { type: 'blob', min: 1, max: 30_000 };

const metadataUpdates: StructureShape = {
  type: 'structure',
  union: true,
  members: {
    DICOMUpdates: {
      type: 'structure',
      members: { removableAttributes: attributes, updatableAttributes: attributes },
    },
    revertToVersionId: versionId,
  },
};

/** The inputs, by operation. */
export const inputs = {
  SearchImageSets: {
    type: 'structure',
    required: ['datastoreId'],
    members: { datastoreId: identifier, searchCriteria, maxResults, nextToken },
  },
  GetImageSet: {
    type: 'structure',
    required: ['datastoreId', 'imageSetId'],
    members: { datastoreId: identifier, imageSetId: identifier, versionId },
  },
  GetImageSetMetadata: {
    type: 'structure',
    required: ['datastoreId', 'imageSetId'],
    members: { datastoreId: identifier, imageSetId: identifier, versionId },
  },
  DeleteImageSet: {
    type: 'structure',
    required: ['datastoreId', 'imageSetId'],
    members: { datastoreId: identifier, imageSetId: identifier },
  },
  UpdateImageSetMetadata: {
    type: 'structure',
    required: ['datastoreId', 'imageSetId', 'latestVersionId', 'updateImageSetMetadataUpdates'],
    members: {
      datastoreId: identifier,
      imageSetId: identifier,
      latestVersionId: versionId,
      force: { type: 'boolean' },
      includeStudyImageSets: { type: 'boolean' },
      updateImageSetMetadataUpdates: metadataUpdates,
    },
  },
  ListImageSetVersions: {
    type: 'structure',
    required: ['datastoreId', 'imageSetId'],
    members: { datastoreId: identifier, imageSetId: identifier, nextToken, maxResults },
  },
  GetDatastore: {
    type: 'structure',
    required: ['datastoreId'],
    members: { datastoreId: identifier },
  },
  ListDatastores: {
    type: 'structure',
    members: {
      datastoreStatus: {
        type: 'string',
        enum: ['CREATING', 'CREATE_FAILED', 'ACTIVE', 'DELETING', 'DELETED'],
      },
      nextToken,
      maxResults,
    },
  },
} as const satisfies Readonly<Record<string, StructureShape>>;

export type OperationName = keyof typeof inputs;
