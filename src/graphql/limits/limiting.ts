import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema, ParseOptions, ValidationRule } from 'graphql';

import type { RequestContext } from '../context.ts';
import { createCostPlugin, type CostRate } from './costPlugin.ts';
import { createCostWeights } from './costWeights.ts';
import type { CountExcess, OperationLimits } from './operationLimits.ts';
import { createOperationLimitsRule } from './operationLimitsRule.ts';
import { createPassingLimitsPlugin } from './passingLimitsPlugin.ts';
import { createTokenLimitPlugin } from './tokenLimit.ts';

/** Even where limits do not hold, a parser must not be asked for more: the largest LIMIT_TOKENS. */
const mostTokens = 100_000;

export interface LimitingOptions {
  readonly limits: Omit<OperationLimits, 'selections'> & { readonly tokens: number };
  /** Largest cost of an operation. */
  readonly maximumCost: number;
  /** Whether operations beyond a limit are refused; otherwise they are counted and pass. */
  readonly enforced: boolean;
  readonly rate: CostRate;
  readonly countExcess: CountExcess;
}

/** What Apollo Server needs to keep operations within their limits. */
export interface Limiting {
  readonly parseOptions: ParseOptions;
  readonly validationRules: readonly ValidationRule[];
  /** To come last: nothing is charged for what the others refuse. */
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
}

export function createLimiting(schema: GraphQLSchema, options: LimitingOptions): Limiting {
  const { enforced, rate, countExcess, maximumCost: maximum } = options;
  // With fragments at every spread an operation is no larger than a document without any may be.
  const limits = { ...options.limits, selections: options.limits.tokens };
  const cost = createCostPlugin({
    schema,
    weights: createCostWeights(schema),
    maximum,
    enforced,
    rate,
    countExcess,
  });
  return {
    parseOptions: { maxLexicalTokens: enforced ? limits.tokens : mostTokens },
    validationRules: enforced ? [createOperationLimitsRule(limits, countExcess)] : [],
    plugins: enforced
      ? [createTokenLimitPlugin(countExcess), cost]
      : [createPassingLimitsPlugin(limits, countExcess), cost],
  };
}
