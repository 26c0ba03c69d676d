// Composes the two subgraphs into supergraph.graphql: `node examples/supergraph/compose.ts`.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { composeServices, type CompositionResult } from '@apollo/composition';
import { parse, type DocumentNode } from 'graphql';
import { format } from 'prettier';

import { hospitalSdl } from './hospital/server.ts';

export const supergraphFile = new URL('./supergraph.graphql', import.meta.url);

export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

type CompositionHint = NonNullable<CompositionResult['hints']>[number];

export interface Supergraph {
  readonly supergraphSdl: string;
  readonly hints: readonly CompositionHint[];
}

/** Where the subgraphs listen, unless told otherwise. */
export const defaultUrls = {
  images: 'http://127.0.0.1:4000/graphql',
  hospital: 'http://127.0.0.1:4001/',
};

/** What `npm run --silent schema` prints: the SDL that is meant for composition. */
export function imagesSdl(): string {
  return execFileSync(process.execPath, ['src/cli.ts', 'schema'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    encoding: 'utf8',
  });
}

/** The subgraphs as composers take them. */
export function subgraphs(urls = defaultUrls): Subgraph[] {
  return [
    { name: 'images', url: urls.images, typeDefs: parse(imagesSdl()) },
    { name: 'hospital', url: urls.hospital, typeDefs: parse(hospitalSdl) },
  ];
}

/** The supergraph's SDL and the composer's hints; throws what keeps the subgraphs from composing. */
export function compose(services: Subgraph[]): Supergraph {
  const { errors, supergraphSdl, hints } = composeServices(services);
  if (errors !== undefined) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  return { supergraphSdl, hints };
}

if (import.meta.main) {
  const { supergraphSdl, hints } = compose(subgraphs());
  for (const hint of hints) process.stderr.write(`${hint.definition.code}: ${hint.message}\n`);
  writeFileSync(supergraphFile, await format(supergraphSdl, { parser: 'graphql', printWidth: 110 }));
}
