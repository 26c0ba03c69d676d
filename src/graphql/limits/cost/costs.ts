/**
 * The cost of a selection set: `fixed + perItem * size`, where `size` is the length of the lists in it that the field above
 * sizes (`edges` of `imageSets(first: 50)`).
 */
export interface SelectionCost {
  readonly kind: 'selections';
  readonly parts: readonly (FieldCost | SelectionCost)[];
  readonly fixed: number;
  readonly perItem: number;
  /** Whether a list that the field above sizes is selected. */
  readonly lists: boolean;
}

export interface FieldCost {
  readonly kind: 'field';
  /** Its name in the schema, and its arguments, coerced. */
  readonly name: string;
  readonly given: Readonly<Record<string, unknown>>;
  /** Where its value stands in the response. */
  readonly responseName: string;
  /** Each time that it is resolved. */
  readonly weight: number;
  /** Once for each object that it is a field of: its arguments, and rows that are read although no list is selected. */
  readonly once: number;
  readonly isList: boolean;
  /** Whether the field above sizes it. */
  readonly isSized: boolean;
  /** How many items its list has at most, or that of the fields below that it sizes. */
  readonly size: number;
  readonly below: SelectionCost;
  /** `_entities` only: the cost of each representation, in their order. */
  readonly entities?: readonly EntityCost[];
  readonly fixed: number;
  readonly perItem: number;
  readonly lists: boolean;
}

export interface EntityCost {
  readonly weight: number;
  readonly below: SelectionCost;
}

export const nothing: SelectionCost = { kind: 'selections', parts: [], fixed: 0, perItem: 0, lists: false };

export function selectionCost(parts: SelectionCost['parts']): SelectionCost {
  return {
    kind: 'selections',
    parts,
    fixed: parts.reduce((sum, part) => sum + part.fixed, 0),
    perItem: parts.reduce((sum, part) => sum + part.perItem, 0),
    lists: parts.some((part) => part.lists),
  };
}

export function fieldCost(field: Omit<FieldCost, 'fixed' | 'perItem' | 'lists'>): FieldCost {
  const { weight, below, size, once, isList, isSized } = field;
  const each = weight + below.fixed + below.perItem * size;
  return {
    ...field,
    fixed: once + (isList ? (isSized ? 0 : each * size) : each),
    perItem: isList && isSized ? each : 0,
    lists: isSized,
  };
}
