import type { ApolloServerPlugin } from '@apollo/server';

import { GatewayError } from '../../errors.ts';
import { refuse } from './refuse.ts';

/**
 * Which operation of the document is meant: `operationName: ""` names none, as some clients send it. Refuses operations of a
 * kind that the schema has no root type for, which graphql-js would find out in execution only.
 */
export const chosenOperationPlugin: ApolloServerPlugin = {
  async requestDidStart({ request }) {
    if (request.operationName === '') delete request.operationName;
    return {
      async didResolveOperation({ schema, operation }) {
        if (operation === undefined || schema.getRootType(operation.operation)) return;
        refuse(
          new GatewayError('OPERATION_RESOLUTION_FAILURE', {
            message: 'Expected a query: this graph has neither mutations nor subscriptions.',
          }),
        );
      },
    };
  },
};
