import type { FieldCost, SelectionCost } from './costs.ts';

/**
 * What a response cost, by the plan's weights and the lengths that its lists have. A field that is null counts, since a
 * call that found nothing or failed is a call; one that is absent (below a null, or of another type) does not. Never more
 * than the plan's own cost.
 */
export function actualCost(plan: SelectionCost, data: unknown): number {
  if (!isObject(data)) return 0;
  return plan.parts.reduce((sum, part) => {
    if (part.fixed === 0 && part.perItem === 0) return sum;
    return (
      sum + (part.kind === 'field' ? actualFieldCost(part, data[part.responseName]) : actualCost(part, data))
    );
  }, 0);
}

function actualFieldCost({ weight, once, isList, below, entities }: FieldCost, value: unknown): number {
  if (value === undefined) return 0;
  if (!isList) return once + weight + actualCost(below, value);
  if (!Array.isArray(value)) return once;
  return value.reduce<number>((sum, item, index) => {
    const each = entities === undefined ? { weight, below } : entities[index];
    return each === undefined ? sum : sum + each.weight + actualCost(each.below, item);
  }, once);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
