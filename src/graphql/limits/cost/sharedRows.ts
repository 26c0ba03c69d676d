import { fieldCost, selectionCost, type FieldCost, type SelectionCost } from './costs.ts';

/** What is read of a row already, by field and arguments; and the largest weight that a list of these rows has had. */
interface Read {
  readonly below: Map<string, Read>;
  weight: number;
}

const newRead = (): Read => ({ below: new Map(), weight: 0 });

/**
 * The lists of a connection show the same rows, each of them under `node` in `edges`. What one list reads of a row is there
 * for the others: a loader reads an object once for a request.
 */
export function sharingRows(selection: SelectionCost): SelectionCost {
  return countLists(selection) < 2 ? selection : sharing(selection, newRead());
}

function countLists({ parts }: SelectionCost): number {
  return parts.reduce(
    (sum, part) => sum + (part.kind === 'selections' ? countLists(part) : Number(part.isSized)),
    0,
  );
}

function sharing(selection: SelectionCost, row: Read): SelectionCost {
  return selectionCost(
    selection.parts.map((part) => {
      if (part.kind === 'selections') return sharing(part, row);
      return part.isSized ? sharingList(part, row) : part;
    }),
  );
}

function sharingList(list: FieldCost, row: Read): FieldCost {
  const weight = Math.max(0, list.weight - row.weight);
  row.weight = Math.max(row.weight, list.weight);
  return fieldCost({ ...list, weight, below: withoutRead(list.below, row) });
}

function withoutRead(selection: SelectionCost, read: Read): SelectionCost {
  return selectionCost(
    selection.parts.map((part) => {
      if (part.kind === 'selections') return withoutRead(part, read);
      // The node of an edge is the row itself.
      if (part.name === 'node') return fieldCost({ ...part, below: withoutRead(part.below, read) });
      const key = `${part.name} ${JSON.stringify(part.given)}`;
      const known = read.below.get(key);
      const below = known ?? newRead();
      read.below.set(key, below);
      const left = { ...part, below: withoutRead(part.below, below) };
      return fieldCost(known === undefined ? left : { ...left, weight: 0, once: 0 });
    }),
  );
}
