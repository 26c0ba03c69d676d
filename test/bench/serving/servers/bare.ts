import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  MedicalImagingClient,
  SearchImageSetsCommand,
  type ImageSetsMetadataSummary,
} from '@aws-sdk/client-medical-imaging';

import { datastoreId } from '../../../support/upstream/fakeHealthImaging.ts';

/** What a team writes that needs one list only: node:http and the SDK as it comes, no GraphQL, no cursors, no checks. */
export function start(endpoint: string): Promise<string> {
  const client = new MedicalImagingClient({ region: 'us-east-1', endpoint, disableHostPrefix: true });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://bare');
    const nextToken = searchParams.get('nextToken');
    const search = new SearchImageSetsCommand({
      datastoreId,
      maxResults: Number(searchParams.get('first')),
      ...(nextToken !== null && { nextToken }),
      searchCriteria: {
        filters: [{ operator: 'EQUAL', values: [{ DICOMPatientId: searchParams.get('patientId') ?? '' }] }],
      },
    });
    client.send(search).then(
      ({ imageSetsMetadataSummaries = [], nextToken: next }) => {
        const rows =
          searchParams.get('fields') === 'five'
            ? imageSetsMetadataSummaries.map(five)
            : imageSetsMetadataSummaries;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ rows, nextToken: next }));
      },
      () => {
        response.statusCode = 502;
        response.end();
      },
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function five({ imageSetId, updatedAt, DICOMTags }: ImageSetsMetadataSummary) {
  return {
    imageSetId,
    updatedAt,
    patientName: DICOMTags?.DICOMPatientName,
    studyDate: DICOMTags?.DICOMStudyDate,
    modality: DICOMTags?.DICOMSeriesModality,
  };
}
