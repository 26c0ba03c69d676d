import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation, or a part of one, is with its fragments in place of their spreads. */
export interface OperationSize {
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields with selections directly here, by their name in the response: how many there are of each. */
  readonly here: ReadonlyMap<string, number>;
  /** The most such fields of one name in one selection set. graphql-js compares the selections of each of them with each. */
  readonly repeats: number;
  /** Levels of fields from here down, without introspection. */
  readonly levels: number;
  /** Fields directly here, without `__typename` and `_entities`. */
  readonly fields: number;
  /** `_entities` directly here: routers gather those of several paths in one operation, under aliases. */
  readonly entities: number;
  /** Aliases of `__typename`, which are among `aliases`. */
  readonly typenameAliases: number;
  /** Levels of fields from here down, with introspection. */
  readonly allLevels: number;
  /** Lists of a type's members within each other: `fields { type { fields } }` has two. */
  readonly listings: number;
  readonly introspection: IntrospectionSize;
}

export interface IntrospectionSize {
  /** `__schema` and `__type`. */
  readonly roots: number;
  /** The largest of each below any root; `__typename` may have an alias. */
  readonly levels: number;
  readonly listings: number;
  readonly aliases: number;
}

const noIntrospection: IntrospectionSize = { roots: 0, levels: 0, listings: 0, aliases: 0 };

const nothing: OperationSize = {
  selections: 0,
  aliases: 0,
  directives: 0,
  here: new Map(),
  repeats: 0,
  levels: 0,
  fields: 0,
  entities: 0,
  typenameAliases: 0,
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
    if (selectionSet === undefined) return nothing;
    const sizes = selectionSet.selections.map(measureSelection);
    const here = new Map<string, number>();
    for (const size of sizes) {
      for (const [name, count] of size.here) here.set(name, (here.get(name) ?? 0) + count);
    }
    const size = sizes.reduce(both, nothing);
    return { ...size, here, repeats: Math.max(size.repeats, ...here.values()) };
  }

  return operations.map((operation) => {
    const size = withDirectives(measureSelectionSet(operation.selectionSet), operation);
    return (operation.variableDefinitions ?? []).reduce(withDirectives, size);
  });
}

function measureField(field: FieldNode, below: OperationSize): OperationSize {
  const name = field.name.value;
  const isEntities = name === '_entities';
  const alias = field.alias === undefined ? 0 : 1;
  const aliases = below.aliases + (isEntities ? 0 : alias);
  const typenameAliases = below.typenameAliases + (name === '__typename' ? alias : 0);
  const allLevels = below.allLevels + 1;
  const listings = below.listings + (memberLists.has(name) ? 1 : 0);
  const isIntrospection = introspectionRoots.has(name);
  return withDirectives(
    {
      selections: below.selections + 1,
      // Introspection is bounded on its own.
      aliases: isIntrospection ? 0 : aliases,
      directives: below.directives,
      here:
        field.selectionSet === undefined ? nothing.here : new Map([[(field.alias ?? field.name).value, 1]]),
      repeats: below.repeats,
      levels: isIntrospection ? 0 : below.levels + 1,
      fields: name === '__typename' || isEntities ? 0 : 1,
      entities: isEntities ? 1 : 0,
      typenameAliases,
      allLevels,
      listings,
      introspection: isIntrospection
        ? { roots: 1, levels: allLevels, listings, aliases: below.aliases - below.typenameAliases }
        : below.introspection,
    },
    field,
  );
}

function both(left: OperationSize, right: OperationSize): OperationSize {
  return {
    selections: left.selections + right.selections,
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    here: nothing.here,
    repeats: Math.max(left.repeats, right.repeats),
    levels: Math.max(left.levels, right.levels),
    fields: left.fields + right.fields,
    entities: left.entities + right.entities,
    typenameAliases: left.typenameAliases + right.typenameAliases,
    allLevels: Math.max(left.allLevels, right.allLevels),
    listings: Math.max(left.listings, right.listings),
    introspection: {
      roots: left.introspection.roots + right.introspection.roots,
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

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
}
