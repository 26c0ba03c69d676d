import type { FieldCost, SelectionCost } from './costPlan.ts';

/**
 * What an answer did cost, by the same weights: its lists as long as they came. What is null was asked for all the same,
 * a call that found nothing or failed being a call; what is not there (below a null, of another type) was not.
 * Never above what the plan says.
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
