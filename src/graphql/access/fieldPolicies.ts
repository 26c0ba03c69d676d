import { defaultFieldResolver, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

import type { Grant } from '../../auth/principal.ts';
import { GatewayError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';

/**
 * The right that a field requires of the principal. `search` and `read`: SMART's `s` and `r` on ImagingStudy; `any`: either
 * of the two. `parent`: none of its own, since it shows what its object holds and the object was given out. `public`: none,
 * since it shows nothing of a data store.
 */
export type Policy = 'search' | 'read' | 'any' | 'parent' | 'public';

type FieldPolicies = Readonly<Record<string, Policy>>;

function all(policy: Policy, ...names: readonly string[]): FieldPolicies {
  return Object.fromEntries(names.map((name) => [name, policy]));
}

const connection = all('parent', 'edges', 'nodes', 'pageInfo');
const edge = all('parent', 'cursor', 'node');

/** The policy of every field, by type. The schema is not built while a field is missing here. */
const policies: Readonly<Record<string, FieldPolicies>> = {
  Query: {
    imageSets: 'search',
    imageSet: 'read',
    ...all('any', 'datastore', 'datastores'),
    // The object's type decides: an image set requires `read`, a data store any right.
    ...all('any', 'node', 'nodes'),
    // A representation names an object that the client knows already; its type decides who may read it.
    ...all('public', '_entities', '_service'),
  },
  _Service: all('public', 'sdl'),
  Node: all('parent', 'id'),
  ImageSet: {
    ...all('parent', 'id', 'datastoreId', 'imageSetId', 'version', 'isPrimary', 'storageTier'),
    ...all('parent', 'createdAt', 'updatedAt', 'lastAccessedAt', 'dicomTags'),
    ...all('parent', 'datastore', 'patient', 'study', 'series'),
    ...all('read', 'properties', 'metadata', 'versions'),
  },
  DicomTags: {
    ...all('parent', 'patientId', 'patientName', 'patientBirthDate', 'patientSex'),
    ...all('parent', 'studyInstanceUid', 'studyId', 'studyDescription', 'accessionNumber'),
    ...all('parent', 'numberOfStudyRelatedSeries', 'numberOfStudyRelatedInstances'),
    ...all('parent', 'seriesInstanceUid', 'seriesModality', 'seriesBodyPart', 'seriesNumber'),
    ...all('parent', 'studyDate', 'studyTime'),
  },
  ImageSetProperties: {
    ...all('parent', 'versionId', 'arn', 'state', 'workflowStatus', 'message'),
    ...all('parent', 'createdAt', 'updatedAt', 'deletedAt'),
  },
  Datastore: {
    ...all('parent', 'id', 'datastoreId', 'name', 'status', 'arn', 'createdAt', 'updatedAt'),
    imageSets: 'search',
  },
  Patient: { id: 'parent', imageSets: 'search' },
  ImagingStudy: { instanceUid: 'parent', imageSets: 'search' },
  ImagingSeries: { instanceUid: 'parent', imageSets: 'search' },
  ImageSetConnection: { ...connection, sort: 'parent' },
  ImageSetEdge: edge,
  ImageSetSorting: all('parent', 'field', 'order'),
  ImageSetVersionConnection: connection,
  ImageSetVersionEdge: edge,
  DatastoreConnection: connection,
  DatastoreEdge: edge,
  PageInfo: all('parent', 'hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'),
};

/** Undefined for a field without a policy. */
export function policyOf(typeName: string, fieldName: string): Policy | undefined {
  return policies[typeName]?.[fieldName];
}

/** `Type.field` of every field that has one. */
export function policyNames(): string[] {
  return Object.entries(policies).flatMap(([type, fields]) =>
    Object.keys(fields).map((field) => `${type}.${field}`),
  );
}

export function isGranted(policy: Policy, { search, read }: Grant): boolean {
  switch (policy) {
    case 'search':
      return search;
    case 'read':
      return read;
    case 'any':
      return search || read;
    case 'parent':
    case 'public':
      return true;
  }
}

/** @throws {GatewayError} FORBIDDEN */
export function demand(policy: Policy, { principal }: Pick<RequestContext, 'principal'>): void {
  if (!isGranted(policy, principal.grant)) throw new GatewayError('FORBIDDEN');
}

/** Every field of the schema, without introspection. */
export function fieldsOf(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
}

/**
 * Puts each field's policy before its resolver, whichever way leads to the field.
 * @throws {TypeError} for a field that has no policy
 */
export function enforcePolicies(schema: GraphQLSchema): void {
  for (const { type, field } of fieldsOf(schema)) {
    const policy = policyOf(type.name, field.name);
    if (policy === undefined) throw new TypeError(`${type.name}.${field.name} has no policy`);
    if (policy === 'parent' || policy === 'public') continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context: RequestContext, info) => {
      demand(policy, context);
      return resolve(source, args, context, info);
    };
  }
}
