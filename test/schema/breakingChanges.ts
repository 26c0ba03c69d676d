import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildASTSchema, Kind, parse, type DefinitionNode } from 'graphql';

import { definitionName } from './printedSchema.ts';

export interface SchemaChange {
  /** Such as FIELD_REMOVED: graphql-inspector's name, or one of the two below. */
  readonly name: string;
  readonly message: string;
  readonly breaking: boolean;
}

/** The members read of graphql-inspector's Change, whose own type leaves `type` open. */
interface InspectedChange {
  readonly type: string;
  readonly message: string;
  readonly criticality: { readonly level: CriticalityLevel };
}

/** Changes that graphql-inspector lets pass although clients or other subgraphs break. */
const guarded: Readonly<Record<string, string>> = {
  // Generated clients have exclusive unions for it; without them, the service's rule shows only in a refusal.
  oneOf: 'ONE_OF_REMOVED',
  // Other subgraphs refer to the type by this key: their next composition fails.
  key: 'KEY_REMOVED',
  // Other subgraphs that define the type no longer compose.
  shareable: 'SHAREABLE_REMOVED',
};

/** The differences between two schemas that `printedSchema` printed, in the order of the changed schema. */
export async function schemaChanges(before: string, after: string): Promise<SchemaChange[]> {
  const [oldDocument, newDocument] = [parse(before), parse(after)];
  const found: readonly InspectedChange[] = await diff(
    buildASTSchema(oldDocument),
    buildASTSchema(newDocument),
  );
  const kept = new Set(newDocument.definitions.flatMap(usages).map(({ usage }) => usage));
  const standing = new Set(newDocument.definitions.map(definitionName));
  return [
    ...found
      .filter(({ type }) => !type.startsWith('DIRECTIVE_USAGE_'))
      .map(({ type, message, criticality }) => ({
        name: type,
        message,
        breaking: criticality.level === CriticalityLevel.Breaking,
      })),
    ...oldDocument.definitions
      .flatMap(usages)
      .filter(({ usage, type }) => !kept.has(usage) && standing.has(type))
      .map(({ usage, name }) => ({ name, message: `'${usage}' was removed`, breaking: true })),
  ];
}

function usages(definition: DefinitionNode) {
  if (
    definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
    definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION
  )
    return [];
  return (definition.directives ?? []).flatMap(({ name, arguments: given = [] }) => {
    const change = guarded[name.value];
    const value = given[0]?.value;
    const fields = value?.kind === Kind.STRING ? `(fields: "${value.value}")` : '';
    const type = definition.name.value;
    return change === undefined ? [] : [{ type, name: change, usage: `${type} @${name.value}${fields}` }];
  });
}
