import { getNamedType, isInputObjectType, type GraphQLArgument, type GraphQLInputField } from 'graphql';

import type { CostWeights } from './costWeights.ts';

/**
 * What the value of an argument costs, as Apollo Router counts it: without `@cost` each input object 1, scalars nothing, a
 * list the sum of its items. Otherwise a filter of a thousand conditions would be free.
 * @param value coerced, with variables and defaults in place
 */
export function inputCost(
  weights: CostWeights,
  input: GraphQLArgument | GraphQLInputField,
  value: unknown,
): number {
  if (value === null || value === undefined) return 0;
  const weight = weights.ofInput(input);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + inputCost(weights, input, item), weight ?? 0);
  }
  const type = getNamedType(input.type);
  if (!isInputObjectType(type)) return weight ?? 0;
  const fields = type.getFields();
  return Object.entries(value).reduce((sum, [name, given]) => {
    const field = fields[name];
    return field === undefined ? sum : sum + inputCost(weights, field, given);
  }, weight ?? 1);
}
