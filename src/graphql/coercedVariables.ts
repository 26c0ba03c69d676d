import type { GraphQLRequest } from '@apollo/server';
import {
  getArgumentValues,
  getVariableValues,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import { attached } from '../attached.ts';

type Variables = Readonly<Record<string, unknown>>;

const known = attached<GraphQLRequest, { readonly coerced: Variables | undefined }>();

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

type Field = GraphQLField<unknown, unknown>;

const knownArguments = attached<
  Variables,
  Map<FieldNode, { readonly field: Field; readonly given: Variables }>
>();

/**
 * The values of a field's arguments, found out once a request.
 * @param variables coerced, the same object throughout the request
 * @throws {GraphQLError} where a variable is null that must not be
 */
export function argumentValues(field: Field, node: FieldNode, variables: Variables): Variables {
  const known = knownArguments.get(variables) ?? new Map<FieldNode, { field: Field; given: Variables }>();
  knownArguments.set(variables, known);
  const found = known.get(node);
  // A fragment's field may be that of several types.
  if (found?.field === field) return found.given;
  const given = getArgumentValues(field, node, variables);
  known.set(node, { field, given });
  return given;
}
