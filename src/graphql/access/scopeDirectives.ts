import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DirectiveNode,
  type FieldDefinitionNode,
} from 'graphql';

import { policyOf, type Policy } from './fieldPolicies.ts';

const levels = ['user', 'system', 'patient'];
const resources = ['ImagingStudy', '*'];

/**
 * For each policy the scopes that clients commonly have, any one of which is enough. The gateway itself takes every scope
 * that grants the same, such as `user/ImagingStudy.cruds`.
 */
const scopesOf: Readonly<Partial<Record<Policy, readonly string[]>>> = {
  search: scopes('s', 'rs', 'read'),
  read: scopes('r', 'rs', 'read'),
  any: scopes('r', 's', 'rs', 'read'),
};

function scopes(...rights: readonly string[]): string[] {
  return levels.flatMap((level) =>
    resources.flatMap((resource) => rights.map((right) => `${level}/${resource}.${right}`)),
  );
}

/**
 * The SDL with the policies of its fields as `@authenticated` and `@requiresScopes`, for routers that refuse operations
 * before they send them on. They are information, not enforcement: other routers ignore them, and @apollo/gateway does not
 * start with them.
 */
export function withScopeDirectives(sdl: string): string {
  const document = parse(sdl);
  return `${print(
    visit(document, {
      Directive(directive) {
        return directive.name.value === 'link' && print(directive).includes('specs.apollo.dev/federation')
          ? importing(directive, '@authenticated', '@requiresScopes')
          : undefined;
      },
      ObjectTypeDefinition: (type) => ({
        ...type,
        fields: type.fields?.map((field) => guarded(type.name.value, field)),
      }),
      ObjectTypeExtension: (type) => ({
        ...type,
        fields: type.fields?.map((field) => guarded(type.name.value, field)),
      }),
    }),
  )}\n`;
}

function guarded(typeName: string, field: FieldDefinitionNode): FieldDefinitionNode {
  const anyOf = scopesOf[policyOf(typeName, field.name.value) ?? 'public'];
  if (anyOf === undefined) return field;
  const list = anyOf.map((scope) => `["${scope}"]`).join(', ');
  return {
    ...field,
    directives: [
      ...(field.directives ?? []),
      ...directives(`@authenticated @requiresScopes(scopes: [${list}])`),
    ],
  };
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${text}`).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}

function importing(link: DirectiveNode, ...names: readonly string[]): DirectiveNode {
  const added = names.map((value) => ({ kind: Kind.STRING, value }) as const);
  return {
    ...link,
    arguments: (link.arguments ?? []).map((argument) =>
      argument.name.value === 'import' && argument.value.kind === Kind.LIST
        ? { ...argument, value: { ...argument.value, values: [...argument.value.values, ...added] } }
        : argument,
    ),
  };
}
