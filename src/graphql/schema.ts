import { readdirSync, readFileSync } from 'node:fs';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { Kind, parse, type GraphQLSchema } from 'graphql';

import { resolvers } from './resolvers/index.ts';

/** Beside src/ in a clone and beside dist/ in the package. */
const schemaDirectory = new URL('../../schema/', import.meta.url);

/** Two subgraphs that both have `Query.node` do not compose: it is for direct clients only. */
const directOnly = 'node.graphql';

function readSdl(isPart: (file: string) => boolean): string {
  return readdirSync(schemaDirectory)
    .filter((file) => file.endsWith('.graphql') && isPart(file))
    .sort()
    .map((file) => readFileSync(new URL(file, schemaDirectory), 'utf8').trim())
    .join('\n\n');
}

/**
 * The subgraph's SDL, ready for composition: the schema's own text, since printing the built schema loses
 * `@composeDirective` and fails on `@oneOf`. The interface Node stays, its root fields are left out.
 */
export function subgraphSdl(): string {
  return `${readSdl((file) => file !== directOnly)}\n\n${nodeInterface()}\n`;
}

function nodeInterface(): string {
  const source = readFileSync(new URL(directOnly, schemaDirectory), 'utf8');
  const node = parse(source).definitions.find(({ kind }) => kind === Kind.INTERFACE_TYPE_DEFINITION);
  return source.slice(node?.loc?.start, node?.loc?.end);
}

/** The executable schema of direct clients and of gateways alike; `_service.sdl` is that of `subgraphSdl`. */
export function buildSchema(): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(readSdl(() => true)), resolvers }]);
  const service = schema.getQueryType()?.getFields()['_service'];
  const sdl = subgraphSdl();
  if (service !== undefined) service.resolve = () => ({ sdl });
  return schema;
}
