import type { ApolloServerPlugin } from '@apollo/server';

import { operationExcess } from './operationExcess.ts';
import type { CountExcess, OperationLimits } from './operationLimits.ts';

/**
 * Counts documents beyond a limit and lets them pass. Not a validation rule: a document that passed is kept parsed, and
 * its next requests are not validated again.
 */
export function createPassingLimitsPlugin(
  limits: OperationLimits & { readonly tokens: number },
  countExcess: CountExcess,
): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document }) {
          if ((document.tokenCount ?? 0) > limits.tokens) countExcess('tokens', 'passed');
          const excess = operationExcess(document, limits);
          if (excess !== undefined) countExcess(excess.limit, 'passed');
          return Promise.resolve();
        },
      }),
  };
}
