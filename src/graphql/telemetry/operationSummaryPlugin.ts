import type { ApolloServerPlugin } from '@apollo/server';

import { requestScope } from './requestScope.ts';

/**
 * Completes the request's operation summary once the operation is known.
 * @param registeredName the name where the safelist has it, undefined for any other
 */
export function operationSummaryPlugin(
  registeredName: (name: string | undefined) => string | undefined,
): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const summary = requestScope.getStore()?.operation;
      return {
        async didResolveOperation({ operation }) {
          if (summary === undefined || operation === undefined) return;
          summary.type = operation.operation;
          summary.name = registeredName(operation.name?.value);
        },
      };
    },
  };
}
