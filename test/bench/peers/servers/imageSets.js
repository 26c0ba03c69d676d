import { Buffer } from 'node:buffer';
import process from 'node:process';

import { MedicalImagingClient, SearchImageSetsCommand } from '@aws-sdk/client-medical-imaging';

// What every peer serves: the SDK's client as it comes (its HTTP handler keeps connections alive), and a schema like the
// gateway's over plain objects, which every executor reads fastest.

const datastoreId = 'd'.repeat(32);

const client = new MedicalImagingClient({
  region: 'us-east-1',
  endpoint: process.env.UPSTREAM,
  disableHostPrefix: true,
});

export function search({ patientId, maxResults, nextToken }) {
  return client.send(
    new SearchImageSetsCommand({
      datastoreId,
      maxResults,
      nextToken,
      searchCriteria: { filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: patientId }] }] },
    }),
  );
}

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  type Query {
    imageSets(filter: ImageSetFilter, first: Int = 25, after: String): ImageSetConnection
  }
  input ImageSetFilter {
    patientId: StringMatch
  }
  input StringMatch {
    equal: String
  }
  type ImageSetConnection {
    edges: [ImageSetEdge!]!
    pageInfo: PageInfo!
  }
  type ImageSetEdge {
    cursor: String!
    node: ImageSet!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type ImageSet {
    id: ID!
    datastoreId: ID!
    imageSetId: ID!
    version: Int
    isPrimary: Boolean
    storageTier: String
    createdAt: DateTime
    updatedAt: DateTime
    lastAccessedAt: DateTime
    dicomTags: DicomTags
  }
  type DicomTags {
    patientId: String
    patientName: String
    patientBirthDate: String
    patientSex: String
    studyInstanceUid: String
    studyId: String
    studyDescription: String
    numberOfStudyRelatedSeries: Int
    numberOfStudyRelatedInstances: Int
    accessionNumber: String
    seriesInstanceUid: String
    seriesModality: String
    seriesBodyPart: String
    seriesNumber: Int
    studyDate: String
    studyTime: String
  }
`;

/** A row's place: the page that begins after it, or its own page and how many rows of that come before the next. */
function sealCursor(token, index) {
  return Buffer.from(`${index} ${token ?? ''}`).toString('base64url');
}

function openCursor(cursor) {
  const [, index, token] = /^(\d+) (.*)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return { skip: Number(index), nextToken: token === '' ? undefined : token };
}

function toImageSet(summary) {
  const tags = summary.DICOMTags;
  return {
    id: `${datastoreId}:${summary.imageSetId}`,
    datastoreId,
    imageSetId: summary.imageSetId,
    version: summary.version,
    isPrimary: summary.isPrimary,
    storageTier: summary.storageTier,
    createdAt: summary.createdAt,
    updatedAt: summary.updatedAt,
    lastAccessedAt: summary.lastAccessedAt,
    dicomTags: tags && {
      patientId: tags.DICOMPatientId,
      patientName: tags.DICOMPatientName,
      patientBirthDate: tags.DICOMPatientBirthDate,
      patientSex: tags.DICOMPatientSex,
      studyInstanceUid: tags.DICOMStudyInstanceUID,
      studyId: tags.DICOMStudyId,
      studyDescription: tags.DICOMStudyDescription,
      numberOfStudyRelatedSeries: tags.DICOMNumberOfStudyRelatedSeries,
      numberOfStudyRelatedInstances: tags.DICOMNumberOfStudyRelatedInstances,
      accessionNumber: tags.DICOMAccessionNumber,
      seriesInstanceUid: tags.DICOMSeriesInstanceUID,
      seriesModality: tags.DICOMSeriesModality,
      seriesBodyPart: tags.DICOMSeriesBodyPart,
      seriesNumber: tags.DICOMSeriesNumber,
      studyDate: tags.DICOMStudyDate,
      studyTime: tags.DICOMStudyTime,
    },
  };
}

async function imageSets(_parent, { filter, first, after }) {
  const { skip, nextToken } = after ? openCursor(after) : { skip: 0, nextToken: undefined };
  const page = await search({ patientId: filter.patientId.equal, maxResults: first + skip, nextToken });
  const rows = page.imageSetsMetadataSummaries;
  const edges = [];
  for (let index = skip; index < rows.length; index += 1) {
    const isLast = index === rows.length - 1 && page.nextToken;
    const cursor = isLast ? sealCursor(page.nextToken, 0) : sealCursor(nextToken, index + 1);
    edges.push({ cursor, node: toImageSet(rows[index]) });
  }
  return {
    edges,
    pageInfo: { hasNextPage: Boolean(page.nextToken), endCursor: edges.at(-1)?.cursor ?? null },
  };
}

export const resolvers = { Query: { imageSets } };

/** Tells the bench where the server is. */
export function serves(port) {
  process.stdout.write(`The server: http://127.0.0.1:${port}\n`);
}
