import type { GraphQLRequest } from '@apollo/server';
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

const known = new WeakMap<GraphQLRequest, { readonly coerced: Variables | undefined }>();

/** A request's variables as its operation declares them, coerced once; undefined where they do not fit. */
export function coercedVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  request: GraphQLRequest,
): Variables | undefined {
  let found = known.get(request);
  if (found === undefined) {
    found = {
      coerced: getVariableValues(schema, variableDefinitions, request.variables ?? {}, { maxErrors: 1 })
        .coerced,
    };
    known.set(request, found);
  }
  return found.coerced;
}
