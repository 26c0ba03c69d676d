import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

import { guardEntities } from './entityReferences.ts';
import { resolvers } from './resolvers/index.ts';
import { subgraphSdl, wholeSdl } from './sdl.ts';

/** The executable schema of direct clients and of gateways alike; `_service.sdl` is that of `subgraphSdl`. */
export function buildSchema(): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(wholeSdl()), resolvers }]);
  const service = schema.getQueryType()?.getFields()['_service'];
  const sdl = subgraphSdl();
  if (service !== undefined) service.resolve = () => ({ sdl });
  guardEntities(schema);
  return schema;
}
