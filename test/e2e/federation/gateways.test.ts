import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { compose, subgraphs } from '../../../examples/supergraph/compose.ts';
import { startSupergraph } from '../../../examples/supergraph/gateway.ts';
import { sampleRecords, type HospitalRecords } from '../../../examples/supergraph/hospital/records.ts';
import { startHospital, type Running } from '../../../examples/supergraph/hospital/server.ts';
import { listening } from '../../support/http/listening.ts';
import { startRecordingProxy, type RecordingProxy } from '../../support/upstream/recordingProxy.ts';
import { startTestGateway, type GraphqlResult, type TestGateway } from '../../support/gateway/testGateway.ts';
import { withLocal, type Local } from '../../support/gateway/withLocal.ts';

const crossing = readFileSync(
  new URL('../../../examples/supergraph/crossing.graphql', import.meta.url),
  'utf8',
);
const patientIds = sampleRecords.patients.map(({ id }) => id);

/** Two series of one study for each of twenty patients. */
const imageSets = patientIds.flatMap((id, index) =>
  [1, 2].map((series) => ({
    studyInstanceUid: `2.25.${index + 1}`,
    seriesInstanceUid: `2.25.${index + 1}.${series}`,
    tags: { DICOMPatientId: id },
  })),
);
/** The example's records; the study of each report is known. */
const records: HospitalRecords = {
  patients: sampleRecords.patients,
  reports: sampleRecords.reports.map((report) => ({
    ...report,
    studyInstanceUid: `2.25.${patientIds.indexOf(report.patientId) + 1}`,
  })),
};

interface PatientOfBoth {
  readonly id: string;
  readonly name: string;
  readonly ward: string | null;
  readonly imageSets: { readonly nodes: readonly { readonly imageSetId: string }[] };
}

let local: Local;
/** Between our gateway and HealthImaging. */
let upstream: RecordingProxy;
let gateway: TestGateway;
/** Between the federated gateways and ours. */
let subgraphCalls: RecordingProxy;
let hospital: Running;
let supergraphSdl: string;

beforeAll(async () => {
  local = await withLocal({ imageSets });
  upstream = await startRecordingProxy(local.url);
  gateway = await startTestGateway({
    endpoint: upstream.url,
    datastoreIds: [local.datastoreId],
    environment: { PAGE_CACHE_BYTES: '0' },
  });
  subgraphCalls = await startRecordingProxy(gateway.url);
  hospital = await startHospital({ port: 0, records });
  ({ supergraphSdl } = compose(
    subgraphs({ images: `${subgraphCalls.url}/graphql`, hospital: hospital.url }),
  ));
});
afterAll(async () => {
  await hospital.stop();
  await subgraphCalls[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await local.close();
});

async function startHive(): Promise<Running> {
  const runtime = createGatewayRuntime({ supergraph: supergraphSdl, logging: false });
  const server = createServer((request, response) => void runtime(request, response));
  const { url, close } = await listening(server);
  return {
    url: `${url}/graphql`,
    async stop() {
      await close();
      await runtime.dispose();
    },
  };
}

const gateways: readonly (readonly [name: string, start: () => Promise<Running>])[] = [
  ['@apollo/gateway', () => startSupergraph({ port: 0, supergraphSdl })],
  ["Hive's gateway", startHive],
];

describe.each(gateways)('through %s', (_name, start) => {
  let federated: Running;
  beforeAll(async () => {
    federated = await start();
  });
  afterAll(() => federated.stop());
  beforeEach(() => {
    subgraphCalls.take();
    upstream.take();
  });

  async function query(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<GraphqlResult> {
    const response = await fetch(federated.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, ...(variables !== undefined && { variables }) }),
    });
    return (await response.json()) as GraphqlResult;
  }

  test("the example's query crosses: twenty patients cost one _entities request and twenty searches", async () => {
    const { data, errors } = await query(crossing);
    expect(errors).toBeUndefined();
    const { patients } = data as unknown as { readonly patients: readonly PatientOfBoth[] };
    expect(patients.map(({ id, name, ward }) => ({ id, name, ward }))).toEqual(records.patients);
    expect(patients.map((each) => each.imageSets.nodes.length)).toEqual(patientIds.map(() => 2));
    const requests = subgraphCalls.take().map(({ body }) => (body as { readonly query: string }).query);
    expect(requests).toEqual([expect.stringContaining('_entities')]);
    expect(upstream.take().map(({ path }) => path.split('/').at(-1))).toEqual(
      patientIds.map(() => 'searchImageSets'),
    );
  });

  test('a search of ours leads to names and reports of theirs', async () => {
    const { data, errors } = await query(
      `{ imageSets(filter: { patientId: { equal: "SAMPLE-003" } }) {
        nodes { patient { id name ward } study { instanceUid reports { conclusion patient { name } } } }
      } }`,
    );
    expect(errors).toBeUndefined();
    const row = {
      patient: { id: 'SAMPLE-003', name: 'Zoë Échantillon', ward: null },
      study: {
        instanceUid: '2.25.3',
        reports: [{ conclusion: 'BI-RADS 2.', patient: { name: 'Zoë Échantillon' } }],
      },
    };
    expect(data).toEqual({ imageSets: { nodes: [row, row] } });
  });

  test('a report of theirs leads to the image sets of its study', async () => {
    const { data, errors } = await query(
      `{ patient(id: "SAMPLE-001") { reports { study { imageSets(first: 1) {
        nodes { dicomTags { patientId } series { instanceUid imageSets { nodes { version } } } }
        pageInfo { hasNextPage }
      } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      patient: {
        reports: [
          {
            study: {
              imageSets: {
                nodes: [
                  {
                    dicomTags: { patientId: 'SAMPLE-001' },
                    series: { instanceUid: '2.25.1.2', imageSets: { nodes: [{ version: 1 }] } },
                  },
                ],
                pageInfo: { hasNextPage: true },
              },
            },
          },
        ],
      },
    });
  });

  test('pages go on from the cursors', async () => {
    const document = `query ($after: String) {
      imageSets(first: 25, after: $after) { edges { node { imageSetId } } pageInfo { hasNextPage endCursor } }
    }`;
    interface Page {
      readonly imageSets: {
        readonly edges: readonly { readonly node: { readonly imageSetId: string } }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    }
    const first = (await query(document)).data as unknown as Page;
    const second = (await query(document, { after: first.imageSets.pageInfo.endCursor }))
      .data as unknown as Page;
    const walked = [...first.imageSets.edges, ...second.imageSets.edges].map(({ node }) => node.imageSetId);
    expect(new Set(walked).size).toBe(40);
    expect(second.imageSets.pageInfo.hasNextPage).toBe(false);
  });

  test.each([
    [
      'in the document',
      '{ imageSets(filter: { patientId: { equal: "A" }, studyId: { equal: "B" } }) { nodes { id } } }',
      {},
    ],
    [
      'in a variable',
      'query ($filter: ImageSetFilter) { imageSets(filter: $filter) { nodes { id } } }',
      { filter: { patientId: { equal: 'A' }, studyId: { equal: 'B' } } },
    ],
    [
      'on an entity',
      'query ($filter: ImageSetFilter) { patients { imageSets(filter: $filter) { nodes { id } } } }',
      { filter: { studyId: { equal: 'A' }, isPrimary: { equal: true } } },
    ],
  ])(
    'two keys of a oneOf filter %s are refused, and nothing is searched',
    async (_title, document, variables) => {
      const { errors } = await query(document, variables);
      expect(errors).not.toEqual(undefined);
      expect(JSON.stringify(errors)).toMatch(/[Ee]xactly one|OneOf/);
      expect(upstream.take()).toEqual([]);
    },
  );

  test('what our subgraph refuses keeps its code and its message', async () => {
    const { errors } = await query('{ imageSets(first: 501) { nodes { id } } }');
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('expected a whole number from 1 to 500'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('node and nodes are not there: they belong to direct clients', async () => {
    const { errors } = await query('{ node(id: "x") { id } }');
    expect(errors?.[0]?.message).toContain('Cannot query field "node"');
  });
});
