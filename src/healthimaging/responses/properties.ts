import { serviceIdentifier } from '../../identifiers.ts';
import {
  ResponseFault,
  nextTokenOf,
  optionalBoolean,
  optionalMember,
  optionalText,
  optionalTime,
  requiredMember,
  requiredObject,
  requiredObjects,
  requiredText,
  type Json,
} from './readMember.ts';
import type {
  DatastoreProperties,
  DatastoreStatus,
  ImageSetProperties,
  ImageSetReference,
  ImageSetState,
  ImageSetWorkflowStatus,
  VersionsPage,
} from '../api.ts';
import { storageTiers } from './searchPage.ts';

const states: readonly ImageSetState[] = ['ACTIVE', 'LOCKED', 'DELETED'];

const datastoreStatuses: readonly DatastoreStatus[] = [
  'CREATING',
  'CREATE_FAILED',
  'ACTIVE',
  'DELETING',
  'DELETED',
];

/** Keys of a record, so that the compiler asks for every status of the port. */
const workflowStatuses = Object.keys({
  CREATED: true,
  COPIED: true,
  COPYING: true,
  COPYING_WITH_READ_ONLY_ACCESS: true,
  COPY_FAILED: true,
  UPDATING: true,
  UPDATING_FOR_STUDY_CONSISTENCY: true,
  UPDATED: true,
  UPDATE_FAILED: true,
  DELETING: true,
  DELETED: true,
  IMPORTING: true,
  IMPORTED: true,
  IMPORT_FAILED: true,
} satisfies Record<ImageSetWorkflowStatus, true>) as ImageSetWorkflowStatus[];

const digits = /^\d+$/;
const anyText = /^[^]+$/;

/** Shape GetImageSetResponse. */
export function toImageSetProperties(response: Json, { imageSetId }: ImageSetReference): ImageSetProperties {
  const properties = toProperties(response, 'imageSetWorkflowStatus');
  if (properties.imageSetId !== imageSetId) throw new ResponseFault('imageSetId', 'the image set asked for');
  return properties;
}

/** Shape ListImageSetVersionsResponse, the only one that writes ImageSetWorkflowStatus with a capital. */
export function toVersionsPage(response: Json): VersionsPage {
  return {
    versions: requiredObjects(response['imageSetPropertiesList'], 'imageSetPropertiesList').map((each) =>
      toProperties(each, 'ImageSetWorkflowStatus'),
    ),
    nextToken: nextTokenOf(response),
  };
}

function toProperties(from: Json, workflowStatus: string): ImageSetProperties {
  return {
    imageSetId: requiredText(from['imageSetId'], 'imageSetId', serviceIdentifier),
    versionId: requiredText(from['versionId'], 'versionId', digits),
    arn: optionalText(from['imageSetArn'], 'imageSetArn'),
    state: requiredMember(from['imageSetState'], 'imageSetState', states),
    workflowStatus: optionalMember(from[workflowStatus], workflowStatus, workflowStatuses),
    createdAt: optionalTime(from['createdAt'], 'createdAt'),
    updatedAt: optionalTime(from['updatedAt'], 'updatedAt'),
    deletedAt: optionalTime(from['deletedAt'], 'deletedAt'),
    message: optionalText(from['message'], 'message'),
    isPrimary: optionalBoolean(from['isPrimary'], 'isPrimary'),
    storageTier: optionalMember(from['storageTier'], 'storageTier', storageTiers),
    lastAccessedAt: optionalTime(from['lastAccessedAt'], 'lastAccessedAt'),
  };
}

/** Shape GetDatastoreResponse. */
export function toDatastoreProperties(response: Json, datastoreId: string): DatastoreProperties {
  const properties = requiredObject(response['datastoreProperties'], 'datastoreProperties');
  const actualId = requiredText(properties['datastoreId'], 'datastoreId', serviceIdentifier);
  if (actualId !== datastoreId) throw new ResponseFault('datastoreId', 'the data store asked for');
  return {
    datastoreId,
    name: requiredText(properties['datastoreName'], 'datastoreName', anyText),
    status: requiredMember(properties['datastoreStatus'], 'datastoreStatus', datastoreStatuses),
    arn: optionalText(properties['datastoreArn'], 'datastoreArn'),
    createdAt: optionalTime(properties['createdAt'], 'createdAt'),
    updatedAt: optionalTime(properties['updatedAt'], 'updatedAt'),
  };
}
