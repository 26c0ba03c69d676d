import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { Kind, parse, print, type DefinitionNode, type GraphQLSchema, type NameNode } from 'graphql';
import { format } from 'prettier';

const header = parse(`
  directive @key(fields: String!) repeatable on OBJECT
  directive @shareable on OBJECT
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
`).definitions;

/** What @apollo/subgraph adds: the protocol between a gateway and its subgraphs, no part of this graph. */
const machinery = /^(?:_|link__|federation__)/;

/**
 * The schema that is executed, with the directives that others build on (`@key`, `@shareable`, `@oneOf`, `@cost`, `@listSize`) and without
 * federation's machinery, in the form that `prettier` keeps.
 */
export async function printedSchema(schema: GraphQLSchema): Promise<string> {
  const { definitions } = getDocumentNodeFromSchema(schema);
  const own = definitions.flatMap(withoutMachinery);
  return format(print({ kind: Kind.DOCUMENT, definitions: [...header, ...own] }), {
    parser: 'graphql',
    printWidth: 110,
  });
}

function withoutMachinery(definition: DefinitionNode): DefinitionNode[] {
  const { kind } = definition;
  if (kind === Kind.SCHEMA_DEFINITION || kind === Kind.SCHEMA_EXTENSION || kind === Kind.DIRECTIVE_DEFINITION)
    return [];
  if (machinery.test(definitionName(definition))) return [];
  if (kind !== Kind.OBJECT_TYPE_DEFINITION) return [definition];
  const fields = (definition.fields ?? []).filter(({ name }) => !machinery.test(name.value));
  return [{ ...definition, fields }];
}

export function definitionName({ name }: Readonly<{ kind: string; name?: NameNode | undefined }>): string {
  return name?.value ?? '';
}
