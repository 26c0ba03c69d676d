import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

import { enforcePolicies } from './access/fieldPolicies.ts';
import { resolvers } from './resolvers/index.ts';
import { subgraphSdl, wholeSdl, type SdlOptions } from './sdl.ts';
import { guardEntities } from './types/entityReferences.ts';

/** The executable schema, for direct clients and gateways alike; `_service.sdl` is `subgraphSdl`. */
export function buildSchema(options: SdlOptions = {}): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(wholeSdl()), resolvers }]);
  const service = schema.getQueryType()?.getFields()['_service'];
  const sdl = subgraphSdl(options);
  if (service !== undefined) service.resolve = () => ({ sdl });
  guardEntities(schema);
  enforcePolicies(schema);
  return schema;
}
