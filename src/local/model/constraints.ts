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
  | MapShape
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

export interface MapShape {
  readonly type: 'map';
  readonly key: StringShape;
  readonly value: StringShape;
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

const jobId: StringShape = { type: 'string', min: 1, max: 32, pattern: '[0-9a-z]+' };
const s3Uri: StringShape = {
  type: 'string',
  min: 1,
  max: 1024,
  pattern: 's3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?',
};
const jobStatus: StringShape = { type: 'string', enum: ['SUBMITTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED'] };
const clientToken: StringShape = { type: 'string', min: 1, max: 64, pattern: '[A-Za-z0-9._-]+' };
const resourceArn: StringShape = {
  type: 'string',
  pattern:
    'arn:aws((-us-gov)|(-iso)|(-iso-b)|(-cn))?:medical-imaging:[a-z0-9-]+:[0-9]{12}:datastore/[0-9a-z]{32}(/imageset/[0-9a-z]{32})?',
};
const tagKey: StringShape = { type: 'string', min: 1, max: 128, pattern: '(?!aws:)[a-zA-Z+-=._:/]+' };
const tags: MapShape = { type: 'map', key: tagKey, value: { type: 'string', min: 0, max: 256 } };

/** Bytes that fifty tags, the quota of a resource, stay below in JSON with every character escaped. */
export const longestTags = 262_144;

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

const importConfiguration: StructureShape = {
  type: 'structure',
  union: true,
  members: {
    dicomJsonMetadataImportConfiguration: {
      type: 'structure',
      required: ['dicomMetadataMappings'],
      members: {
        dicomMetadataMappings: {
          type: 'list',
          min: 1,
          max: 1000,
          member: {
            type: 'structure',
            required: ['studyInstanceUID', 'metadataFilePath'],
            members: {
              studyInstanceUID: uid,
              seriesInstanceUID: uid,
              metadataFilePath: {
                type: 'string',
                min: 1,
                max: 1024,
                pattern: '[a-zA-Z0-9!-~]+([a-zA-Z0-9!-~ ]*[a-zA-Z0-9!-~]+)*',
              },
            },
          },
        },
      },
    },
  },
};

const copyImageSetInformation: StructureShape = {
  type: 'structure',
  required: ['sourceImageSet'],
  members: {
    sourceImageSet: {
      type: 'structure',
      required: ['latestVersionId'],
      members: {
        latestVersionId: versionId,
        DICOMCopies: {
          type: 'structure',
          required: ['copiableAttributes'],
          members: { copiableAttributes: { type: 'string', min: 1, max: 260_000 } },
        },
      },
    },
    destinationImageSet: {
      type: 'structure',
      required: ['imageSetId', 'latestVersionId'],
      members: { imageSetId: identifier, latestVersionId: versionId },
    },
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
  CopyImageSet: {
    type: 'structure',
    required: ['datastoreId', 'sourceImageSetId', 'copyImageSetInformation'],
    members: {
      datastoreId: identifier,
      sourceImageSetId: identifier,
      copyImageSetInformation,
      force: { type: 'boolean' },
      promoteToPrimary: { type: 'boolean' },
    },
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
  CreateDatastore: {
    type: 'structure',
    required: ['clientToken'],
    members: {
      datastoreName: { type: 'string', min: 1, max: 256, pattern: '[A-Za-z0-9._/#-]+' },
      clientToken,
      tags,
      kmsKeyArn: {
        type: 'string',
        min: 1,
        max: 512,
        pattern:
          'arn:aws[a-zA-Z-]{0,16}:kms:[a-z]{2}(-[a-z]{1,16}){1,3}-\\d{1}:\\d{12}:((key/[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12})|(alias/[a-zA-Z0-9:/_-]{1,256}))',
      },
      lambdaAuthorizerArn: {
        type: 'string',
        pattern:
          'arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
      },
      losslessStorageFormat: { type: 'string', enum: ['HTJ2K', 'JPEG_2000_LOSSLESS'] },
    },
  },
  DeleteDatastore: {
    type: 'structure',
    required: ['datastoreId'],
    members: { datastoreId: identifier },
  },
  StartDICOMImportJob: {
    type: 'structure',
    required: ['dataAccessRoleArn', 'clientToken', 'datastoreId', 'inputS3Uri', 'outputS3Uri'],
    members: {
      jobName: { type: 'string', min: 1, max: 64, pattern: '[A-Za-z0-9._/#-]+' },
      dataAccessRoleArn: {
        type: 'string',
        min: 20,
        max: 2048,
        pattern: 'arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+',
      },
      clientToken,
      datastoreId: identifier,
      inputS3Uri: s3Uri,
      outputS3Uri: s3Uri,
      inputOwnerAccountId: { type: 'string', min: 12, max: 12, pattern: '\\d+' },
      importConfiguration,
    },
  },
  GetDICOMImportJob: {
    type: 'structure',
    required: ['datastoreId', 'jobId'],
    members: { datastoreId: identifier, jobId },
  },
  ListDICOMImportJobs: {
    type: 'structure',
    required: ['datastoreId'],
    members: { datastoreId: identifier, jobStatus, nextToken, maxResults },
  },
  ListTagsForResource: {
    type: 'structure',
    required: ['resourceArn'],
    members: { resourceArn },
  },
  TagResource: {
    type: 'structure',
    required: ['resourceArn', 'tags'],
    members: { resourceArn, tags },
  },
  UntagResource: {
    type: 'structure',
    required: ['resourceArn', 'tagKeys'],
    members: { resourceArn, tagKeys: { type: 'list', min: 0, max: 200, member: tagKey } },
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
