import { Kind, parse, print, type DefinitionNode, type ParseOptions } from 'graphql';

import type { RegisteredOperation } from './manifest.ts';

/** The operations that are registered with the graph. */
export interface Safelist {
  /** The body of a registered operation. */
  bodyOf(id: string): string | undefined;
  /** Whether a document is one of them, but for what GraphQL ignores and for the order of its definitions. */
  has(document: string): boolean;
  /** Whether an operation of this name is registered. */
  hasName(name: string): boolean;
}

/**
 * @param parseOptions those that requests are parsed with: a document beyond them is not in the list
 */
export function createSafelist(
  operations: readonly RegisteredOperation[],
  parseOptions: ParseOptions,
): Safelist {
  const names = new Set(operations.map(({ name }) => name));
  const bodies = new Map(operations.map(({ id, body }) => [id, body]));
  const exact = new Set(bodies.values());
  const normal = new Set(operations.map(({ body }) => normalForm(body, {})));
  return {
    bodyOf: (id) => bodies.get(id),
    hasName: (name) => names.has(name),
    has(document) {
      if (exact.has(document)) return true;
      const form = normalForm(document, parseOptions);
      return form !== undefined && normal.has(form);
    },
  };
}

/**
 * As Apollo Router compares documents: definitions in one order, operations first, and printed anew. Client libraries
 * put fragments in an order that is not known when a manifest is made; the order of fields counts.
 */
function normalForm(document: string, parseOptions: ParseOptions): string | undefined {
  try {
    const { definitions } = parse(document, { ...parseOptions, noLocation: true });
    return print({
      kind: Kind.DOCUMENT,
      definitions: definitions.toSorted((one, other) => compare(sortKey(one), sortKey(other))),
    });
  } catch {
    return undefined;
  }
}

/** Of what may stand in a request; anything else is refused by validation, in whatever place. */
function sortKey(definition: DefinitionNode): string {
  if (definition.kind === Kind.OPERATION_DEFINITION) return `0${definition.name?.value ?? ''}`;
  return definition.kind === Kind.FRAGMENT_DEFINITION ? `1${definition.name.value}` : '2';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
