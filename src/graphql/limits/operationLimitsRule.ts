import { GraphQLError, type ValidationRule } from 'graphql';

import { GatewayError } from '../../errors.ts';
import { operationExcess } from './operationExcess.ts';
import type { CountExcess, OperationLimits } from './operationLimits.ts';

/** Refuses documents beyond a limit: one error, which names the limit and its bound. */
export function createOperationLimitsRule(limits: OperationLimits, countExcess: CountExcess): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = operationExcess(document, limits);
      if (excess === undefined) return;
      countExcess(excess.limit, 'refused');
      const cause = new GatewayError('OPERATION_LIMIT_EXCEEDED', { message: excess.message });
      context.reportError(new GraphQLError(cause.message, { originalError: cause }));
    },
  });
}
