import { Kind, type DocumentNode, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';

import { fragmentsOf } from './fragments.ts';

/** How large an operation, or a part of one, is with its fragments in place of their spreads. */
export interface OperationSize {
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** Levels of fields from here down, without introspection. */
  readonly levels: number;
  /** Fields directly here, without `__typename`. */
  readonly fields: number;
  /** Levels of fields from here down, with introspection. */
  readonly allLevels: number;
  /** Lists of a type's members within each other: `fields { type { fields } }` has two. */
  readonly listings: number;
  readonly introspection: IntrospectionSize;
}

/** The largest of each below any `__schema` or `__type`. */
export interface IntrospectionSize {
  readonly levels: number;
  readonly listings: number;
  readonly aliases: number;
}

const noIntrospection: IntrospectionSize = { levels: 0, listings: 0, aliases: 0 };

const nothing: OperationSize = {
  selections: 0,
  aliases: 0,
  directives: 0,
  levels: 0,
  fields: 0,
  allLevels: 0,
  listings: 0,
  introspection: noIntrospection,
};

const introspectionRoots = new Set(['__schema', '__type']);

/** The lists of `__Type` that lead to other types. */
const memberLists = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes']);

/**
 * The size of each operation of a document. Each fragment is measured once, however often it is spread, so that the time
 * is linear in the document. A spread that closes a cycle counts nothing: NoFragmentCyclesRule refuses it.
 */
export function operationSizes(document: DocumentNode): OperationSize[] {
  const fragments = fragmentsOf(document);
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const measured = new Map<string, OperationSize>();

  function measureFragment(name: string): OperationSize {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    const size = withDirectives(measureSelectionSet(fragment.selectionSet), fragment);
    measured.set(name, size);
    return size;
  }

  function measureSelection(selection: SelectionNode): OperationSize {
    if (selection.kind === Kind.FIELD)
      return measureField(selection, measureSelectionSet(selection.selectionSet));
    const size =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? measureFragment(selection.name.value)
        : measureSelectionSet(selection.selectionSet);
    return withDirectives({ ...size, selections: size.selections + 1 }, selection);
  }

  function measureSelectionSet(selectionSet: SelectionSetNode | undefined): OperationSize {
    return selectionSet === undefined
      ? nothing
      : selectionSet.selections.map(measureSelection).reduce(both, nothing);
  }

  return operations.map((operation) => {
    const size = withDirectives(measureSelectionSet(operation.selectionSet), operation);
    return (operation.variableDefinitions ?? []).reduce(withDirectives, size);
  });
}

function measureField(field: FieldNode, below: OperationSize): OperationSize {
  const name = field.name.value;
  const aliases = below.aliases + (field.alias === undefined ? 0 : 1);
  const allLevels = below.allLevels + 1;
  const listings = below.listings + (memberLists.has(name) ? 1 : 0);
  const isIntrospection = introspectionRoots.has(name);
  return withDirectives(
    {
      selections: below.selections + 1,
      aliases,
      directives: below.directives,
      levels: isIntrospection ? 0 : below.levels + 1,
      fields: name === '__typename' ? 0 : 1,
      allLevels,
      listings,
      introspection: isIntrospection ? { levels: allLevels, listings, aliases } : below.introspection,
    },
    field,
  );
}

function both(left: OperationSize, right: OperationSize): OperationSize {
  return {
    selections: left.selections + right.selections,
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    levels: Math.max(left.levels, right.levels),
    fields: left.fields + right.fields,
    allLevels: Math.max(left.allLevels, right.allLevels),
    listings: Math.max(left.listings, right.listings),
    introspection: {
      levels: Math.max(left.introspection.levels, right.introspection.levels),
      listings: Math.max(left.introspection.listings, right.introspection.listings),
      aliases: Math.max(left.introspection.aliases, right.introspection.aliases),
    },
  };
}

function withDirectives(
  size: OperationSize,
  { directives = [] }: { readonly directives?: readonly unknown[] | undefined },
): OperationSize {
  return directives.length === 0 ? size : { ...size, directives: size.directives + directives.length };
}
