import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A document that the projection leaves to graphql-js. */
export class Unusual extends Error {}

/** A field of an object as it is answered. */
export interface Selected {
  /** Its name in the answer. */
  readonly key: string;
  readonly name: string;
  /** More than one where selections of the same key are merged. */
  readonly nodes: readonly FieldNode[];
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsByName({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
}

/**
 * CollectFields of the GraphQL specification (section 6.3.2) for an object type: in the order of the answer.
 * @param interfaces those that the type implements
 * @throws {Unusual} for directives, and for fragments on other types
 */
export function collectFields(
  fragments: Fragments,
  sets: readonly (SelectionSetNode | undefined)[],
  type: string,
  interfaces: readonly string[] = [],
): readonly Selected[] {
  const found = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const applies = (condition: string | undefined) =>
    condition === undefined || condition === type || interfaces.includes(condition);

  const collect = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if ((selection.directives ?? []).length > 0) throw new Unusual();
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = found.get(key);
        if (nodes === undefined) found.set(key, [selection]);
        else nodes.push(selection);
        continue;
      }
      const fragment = fragmentOf(selection);
      if (fragment === undefined) continue;
      if ((fragment.directives ?? []).length > 0) throw new Unusual();
      if (!applies(fragment.typeCondition?.name.value)) throw new Unusual();
      collect(fragment.selectionSet);
    }
  };
  /** Undefined for one that was spread before. */
  const fragmentOf = (selection: Exclude<SelectionSetNode['selections'][number], FieldNode>) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const name = selection.name.value;
    if (spread.has(name)) return undefined;
    spread.add(name);
    return fragments.get(name);
  };

  sets.forEach(collect);
  return [...found].map(([key, nodes]) => ({ key, name: nodes[0]?.name.value ?? '', nodes }));
}

/** The fields of what a field gives. */
export function fieldsBelow(
  fragments: Fragments,
  { nodes }: Selected,
  type: string,
  interfaces?: readonly string[],
): readonly Selected[] {
  return collectFields(
    fragments,
    nodes.map(({ selectionSet }) => selectionSet),
    type,
    interfaces,
  );
}
