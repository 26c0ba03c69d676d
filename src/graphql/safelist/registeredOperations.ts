import { Kind, parse, print, type DefinitionNode, type ParseOptions } from 'graphql';

import type { RegisteredOperation } from './manifest.ts';

/** The operations that are registered with the graph. */
export interface RegisteredOperations {
  /** The body of a registered operation. */
  bodyOf(id: string): string | undefined;
  /** Whether a document is one of them, whatever its white space, comments and order of definitions. */
  has(document: string): boolean;
  /** Whether an operation of this name is registered. */
  hasName(name: string): boolean;
}

/** @param parseOptions of documents to compare: one that does not parse with them is not registered */
export function createRegisteredOperations(
  operations: readonly RegisteredOperation[],
  parseOptions: ParseOptions,
): RegisteredOperations {
  const names = new Set(operations.map(({ name }) => name));
  const bodies = new Map(operations.map(({ id, body }) => [id, body]));
  const exact = new Set(bodies.values());
  const normalForms = new Set(operations.map(({ body }) => normalForm(body, {})));
  return {
    bodyOf: (id) => bodies.get(id),
    hasName: (name) => names.has(name),
    has(document) {
      if (exact.has(document)) return true;
      const form = normalForm(document, parseOptions);
      return form !== undefined && normalForms.has(form);
    },
  };
}

/**
 * The text that documents are compared by, as Apollo Router does: definitions in one order, operations first, printed
 * anew. The order in which a client library sends fragments is not known when the manifest is made; that of fields is.
 */
function normalForm(document: string, parseOptions: ParseOptions): string | undefined {
  const definitions = definitionsOf(document, parseOptions);
  return (
    definitions &&
    print({
      kind: Kind.DOCUMENT,
      definitions: definitions.toSorted((one, other) => compare(sortKey(one), sortKey(other))),
    })
  );
}

function definitionsOf(document: string, parseOptions: ParseOptions): readonly DefinitionNode[] | undefined {
  try {
    return parse(document, { ...parseOptions, noLocation: true }).definitions;
  } catch {
    return undefined;
  }
}

/** Operations and fragments by name; anything else is refused by validation, wherever it stands. */
function sortKey(definition: DefinitionNode): string {
  if (definition.kind === Kind.OPERATION_DEFINITION) return `0${definition.name?.value ?? ''}`;
  return definition.kind === Kind.FRAGMENT_DEFINITION ? `1${definition.name.value}` : '2';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
