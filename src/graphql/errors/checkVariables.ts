import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import {
  coerceInputValue,
  GraphQLError,
  isInputObjectType,
  isInputType,
  isNonNullType,
  isNullableType,
  Kind,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
  type ASTVisitor,
  type VariableDefinitionNode,
} from 'graphql';

import { badUserInput } from '../../errors.ts';
import { coercedVariables } from '../coercedVariables.ts';
import { thrownIn } from './errorCode.ts';
import { expectationOf, typeAtPath } from './inputExpectation.ts';
import { refuse } from './refuse.ts';

/** Of a name or a path in a message, in characters: names may be as long as a request. */
const longestPlace = 100;
/** Of lists and objects in a variable. A filter has five; representations of other subgraphs may have some more. */
const mostLevels = 100;

/**
 * Closes a gap of graphql-js 16: where a oneOf input object is in a non-null position (`[ImageSetFilter!]`), a nullable
 * variable inside it passes validation, and execution fails when the variable is null.
 */
export function OneOfVariablesRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const definitions = new Map(
        (operation.variableDefinitions ?? []).map((definition) => [
          definition.variable.name.value,
          definition,
        ]),
      );
      for (const { node, parentType } of context.getRecursiveVariableUsages(operation)) {
        const definition = definitions.get(node.name.value);
        if (definition === undefined || !isNonNullType(parentType)) continue;
        const parent: unknown = parentType.ofType;
        const type = typeFromAST(context.getSchema(), definition.type);
        if (isInputObjectType(parent) && parent.isOneOf && isNullableType(type)) {
          context.reportError(
            new GraphQLError(
              `Variable "$${node.name.value}" must be non-nullable to be used for OneOf Input Object "${parent.name}".`,
              { nodes: [definition, node] },
            ),
          );
        }
      }
    },
  };
}

/**
 * Refuses wrong variables before execution, with messages in words of the schema. Those of graphql-js quote the value, and
 * the values of a filter are patients' data.
 * @param hideNames whether messages may not name parts of the schema that the client did not name itself
 */
export function checkVariablesPlugin(hideNames: boolean): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, operation, request }) {
          if (operation !== undefined) checkVariables(schema, operation, request, hideNames);
        },
      };
    },
  };
}

function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  request: GraphQLRequest,
  hideNames: boolean,
): void {
  const definitions = operation.variableDefinitions ?? [];
  const { variables = {} } = request;
  if (definitions.length === 0) return;
  for (const { variable } of definitions) checkNesting(variable.name.value, variables);
  if (coercedVariables(schema, operation, request) !== undefined) return;
  const check = checkVariable(schema, variables, hideNames);
  for (const definition of definitions) check(definition);
}

function checkVariable(
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
  hideNames: boolean,
): (definition: VariableDefinitionNode) => void {
  return (definition) => {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) return;
    const place = placeOf(name);
    if (!Object.hasOwn(variables, name)) {
      if (definition.type.kind === Kind.NON_NULL_TYPE && definition.defaultValue === undefined) {
        refuseVariable(place, [], expectationOf(type, hideNames));
      }
      return;
    }
    coerceInputValue(variables[name], type, (path, _value, error) => {
      const thrown = thrownIn(error);
      // A bug in a scalar, not the client's mistake.
      if (!(thrown instanceof GraphQLError)) throw thrown;
      refuseVariable(place, path, expectationOf(typeAtPath(type, path), hideNames));
    });
  };
}

function checkNesting(name: string, variables: Readonly<Record<string, unknown>>): void {
  if (!Object.hasOwn(variables, name) || !isNestedBeyond(variables[name], mostLevels)) return;
  refuse(badUserInput(placeOf(name), `at most ${mostLevels} levels of lists and objects`));
}

/**
 * Whether a value that came as JSON has more levels of lists and objects than allowed. Without recursion: what goes over
 * values level by level, as graphql-js does, runs out of stack at some thousands of them.
 */
function isNestedBeyond(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

function placeOf(name: string): string {
  return name.length <= longestPlace ? `Variable "$${name}"` : 'A variable';
}

/** The names in a path are the schema's, but its length is the client's choice. */
function pathText(path: readonly (string | number)[]): string {
  const steps = path
    .slice(0, longestPlace)
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return steps.length <= longestPlace ? steps : `${steps.slice(0, longestPlace)}...`;
}

function refuseVariable(place: string, path: readonly (string | number)[], expected: string): never {
  const steps = pathText(path);
  refuse(badUserInput(steps === '' ? place : `${place} at ${steps}`, expected));
}
