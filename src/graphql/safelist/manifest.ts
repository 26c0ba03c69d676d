import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import { OneOfVariablesRule } from '../errors/checkVariables.ts';

/** An operation of the manifest; clients send its `id`. */
export interface RegisteredOperation {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

export type ManifestReading =
  | { readonly operations: readonly RegisteredOperation[] }
  /** All of them, each with the operation's name or number and, in its body, line and column. */
  | { readonly faults: readonly string[] };

const shape =
  'expected JSON of the form {"format":"apollo-persisted-query-manifest","version":1,"operations":[...]}, ' +
  'each operation with id, name, type and body';

/**
 * Reads a persisted query manifest, as Apollo's `generate-persisted-query-manifest` writes it; members of no use here, such
 * as `clientName`, may stand in it. Every body has to fit the schema, so that a deployment that could not answer a
 * registered operation fails at its start.
 */
export function readManifest(text: string, schema: GraphQLSchema): ManifestReading {
  const operations = operationsOf(text);
  if (operations === undefined) return { faults: [shape] };
  const ids = new Set<string>();
  const faults = operations.flatMap((operation, index) => {
    const name = /^\w{1,100}$/.test(operation.name) ? operation.name : `number ${index + 1}`;
    const isRepeated = ids.size === ids.add(operation.id).size;
    const fault = isRepeated ? 'expected an id of its own' : bodyFault(operation, schema);
    return fault === undefined ? [] : [`operation ${name}: ${fault}`];
  });
  return faults.length > 0 ? { faults } : { operations };
}

function operationsOf(text: string): RegisteredOperation[] | undefined {
  const manifest = parsedJson(text);
  if (!isRecord(manifest)) return undefined;
  const { format, version, operations } = manifest;
  const isManifest = format === 'apollo-persisted-query-manifest' && version === 1;
  return isManifest && Array.isArray(operations) && operations.every(isOperation) ? operations : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOperation(value: unknown): value is RegisteredOperation {
  return isRecord(value) && ['id', 'name', 'type', 'body'].every((key) => isText(value[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function bodyFault({ body, name, type }: RegisteredOperation, schema: GraphQLSchema): string | undefined {
  const errors = errorsOf(body, schema);
  const [first] = errors;
  if (first !== undefined) {
    const { line = 1, column = 1 } = first.locations?.[0] ?? {};
    return `its body does not fit the schema, first at line ${line}, column ${column}`;
  }
  const [operation, ...more] = parse(body).definitions.filter(isOperationDefinition);
  const matches =
    operation?.name?.value === name && operation.operation.toString() === type && more.length === 0;
  return matches ? undefined : 'expected a body with one operation, of this name and type';
}

function isOperationDefinition(definition: DefinitionNode): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION;
}

function errorsOf(body: string, schema: GraphQLSchema): readonly GraphQLError[] {
  try {
    return validate(schema, parse(body), [...specifiedRules, OneOfVariablesRule]);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
