import { readFileSync } from 'node:fs';

import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

import { sampleRecords, type HospitalRecords, type Report } from './records.ts';

export const hospitalSdl = readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

export interface HospitalOptions {
  readonly port?: number;
  readonly records?: HospitalRecords;
}

/** The hospital's subgraph over its records: it knows people and reports, and nothing of images. */
export async function startHospital({
  port = 4001,
  records = sampleRecords,
}: HospitalOptions = {}): Promise<Running> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(hospitalSdl), resolvers: resolversOf(records) }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } });
  return { url, stop: () => server.stop() };
}

interface ById {
  readonly id: string;
}

interface ByUid {
  readonly instanceUid: string;
}

function resolversOf({ patients, reports }: HospitalRecords) {
  // Whoever is known elsewhere only is not known here: the name is null then, and the rest of the answer stands.
  const patientOf = (id: string) => patients.find((patient) => patient.id === id) ?? { id };
  return {
    Query: {
      patients: (_root: unknown, { first }: { readonly first: number }) => patients.slice(0, first),
      patient: (_root: unknown, { id }: ById) => patients.find((patient) => patient.id === id) ?? null,
    },
    Patient: {
      __resolveReference: ({ id }: ById) => patientOf(id),
      reports: ({ id }: ById) => reports.filter(({ patientId }) => patientId === id),
    },
    Report: {
      __resolveReference: ({ id }: ById) => reports.find((report) => report.id === id) ?? null,
      patient: ({ patientId }: Report) => patientOf(patientId),
      study: ({ studyInstanceUid }: Report) => studyInstanceUid && { instanceUid: studyInstanceUid },
    },
    ImagingStudy: {
      __resolveReference: ({ instanceUid }: ByUid) => ({ instanceUid }),
      reports: ({ instanceUid }: ByUid) =>
        reports.filter(({ studyInstanceUid }) => studyInstanceUid === instanceUid),
    },
  };
}
