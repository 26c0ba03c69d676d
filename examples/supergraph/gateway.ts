// `node examples/supergraph/gateway.ts`, beside `npm start`: the hospital's subgraph, and the gateway over both.
import { readFileSync } from 'node:fs';

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

import { supergraphFile } from './compose.ts';
import { startHospital, type Running } from './hospital/server.ts';

export interface SupergraphOptions {
  readonly port?: number;
  readonly supergraphSdl?: string;
}

/** A gateway over both subgraphs. */
export async function startSupergraph({
  port = 4002,
  supergraphSdl = readFileSync(supergraphFile, 'utf8'),
}: SupergraphOptions = {}): Promise<Running> {
  const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
  const { url } = await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } });
  return { url, stop: () => server.stop() };
}

if (import.meta.main) {
  const hospital = await startHospital();
  const supergraph = await startSupergraph();
  process.stdout.write(`The hospital: ${hospital.url}\nThe supergraph: ${supergraph.url}\n`);
  const stop = async () => {
    await supergraph.stop();
    await hospital.stop();
  };
  process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop());
}
