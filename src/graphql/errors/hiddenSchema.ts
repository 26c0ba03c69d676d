import { GraphQLError, Kind, type ASTVisitor, type ValidationContext } from 'graphql';

const introspection = 'Introspection is off on this graph.';

/** What was expected, by the kind of node that is wrong. The error's locations tell which one. */
const messages: Readonly<Partial<Record<Kind, string>>> = {
  [Kind.FIELD]: 'Expected a field of its parent type, with the arguments and the selection that it takes.',
  [Kind.ARGUMENT]: 'Expected an argument that is accepted here, given once.',
  [Kind.DIRECTIVE]: 'Expected a directive that is accepted here, with its arguments.',
  [Kind.NAMED_TYPE]: 'Expected a type of this graph that is possible here.',
  [Kind.VARIABLE]: 'Expected a variable that is defined, of a type that is accepted here.',
  [Kind.VARIABLE_DEFINITION]:
    'Expected a variable that is used, of an input type that is accepted where it is used.',
  [Kind.FRAGMENT_SPREAD]: 'Expected a fragment that is defined and possible here.',
  [Kind.FRAGMENT_DEFINITION]: 'Expected a fragment that is used, with a name of its own.',
  [Kind.INLINE_FRAGMENT]: 'Expected a type of this graph that is possible here.',
};

/**
 * Instead of a validation message of graphql-js, which reveals names of the schema: the type that a field was looked for on,
 * required arguments, similar names. A near miss gets the same message as any other wrong name.
 * @returns undefined for the error table's message
 */
export function messageWithoutNames({ nodes, extensions }: GraphQLError): string | undefined {
  if (extensions['validationErrorCode'] === 'INTROSPECTION_DISABLED') return introspection;
  const kind = nodes?.[0]?.kind;
  return kind === undefined ? undefined : messages[kind];
}

/** Refuses `_service { sdl }` where introspection is off: it shows the whole schema, too. */
export function NoServiceSdlRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== '_service' || context.getParentType() !== context.getSchema().getQueryType())
        return;
      const extensions = { validationErrorCode: 'INTROSPECTION_DISABLED' };
      context.reportError(new GraphQLError(introspection, { nodes: [node], extensions }));
    },
  };
}
