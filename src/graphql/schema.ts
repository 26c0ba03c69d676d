import { buildSubgraphSchema } from '@apollo/subgraph';
import { isEnumType, type GraphQLSchema } from 'graphql';

import { enforcePolicies } from './access/fieldPolicies.ts';
import { resolvers } from './resolvers/index.ts';
import { subgraphSdl, wholeSchema, type SdlOptions } from './sdl.ts';
import { SchemaError } from './schemaError.ts';
import { guardEntities } from './types/entityReferences.ts';

/** Longer than any member of an enumeration of the schema. */
const longestMember = 100;

/** graphql-js compares a wrong member with all that there are, letter by letter, and a variable may have any length. */
function boundMembers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isEnumType(type)) continue;
    const parse: (value: unknown) => unknown = type.parseValue.bind(type);
    type.parseValue = (value) =>
      parse(typeof value === 'string' && value.length > longestMember ? undefined : value);
  }
}

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
    boundMembers(schema);
    return schema;
  } catch (error) {
    throw error instanceof SchemaError ? error : new SchemaError(error, typeDefs);
  }
}
