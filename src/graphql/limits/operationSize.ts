import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation, or a part of one, is once its fragments stand wherever they are spread. */
export interface OperationSize {
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** Levels of fields below this place, introspection apart. */
  readonly levels: number;
  /** Fields at this place itself, `__typename` apart. */
  readonly fields: number;
  /** Levels of fields below this place, whatever they are. */
  readonly allLevels: number;
  /** How often, one within the other, the members of a type are listed: `fields { type { fields } }` is two. */
  readonly listings: number;
  readonly introspection: IntrospectionSize;
}

/** Of the largest part that begins with `__schema` or `__type`. */
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

/** The lists of `__Type` that lead on to other types. */
const memberLists = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes']);

/**
 * The size of each operation of a document. Each fragment is measured once, however often it is spread, so that the time
 * is linear in the document. A spread that closes a circle counts nothing: NoFragmentCyclesRule refuses those.
 */
export function operationSizes(document: DocumentNode): OperationSize[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
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
