import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';

import { enforcePolicies } from './access/fieldPolicies.ts';
import { resolvers } from './resolvers/index.ts';
import { subgraphSdl, wholeSchema, type SdlOptions } from './sdl.ts';
import { SchemaError } from './schemaError.ts';
import { guardEntities } from './types/entityReferences.ts';

/**
 * The executable schema, for direct clients and gateways alike; `_service.sdl` is `subgraphSdl`.
 * @throws {SchemaError} naming file and line, or what a resolver or policy lacks
 */
export function buildSchema(options: SdlOptions = {}): GraphQLSchema {
  const typeDefs = wholeSchema();
  try {
    const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
    const service = schema.getQueryType()?.getFields()['_service'];
    const sdl = subgraphSdl(options);
    if (service !== undefined) service.resolve = () => ({ sdl });
    guardEntities(schema);
    enforcePolicies(schema);
    return schema;
  } catch (error) {
    throw error instanceof SchemaError ? error : new SchemaError(error, typeDefs);
  }
}
