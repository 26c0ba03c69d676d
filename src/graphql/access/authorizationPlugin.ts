import type { ApolloServerPlugin } from '@apollo/server';
import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import { bearerChallenge } from '../../auth/bearerChallenge.ts';
import { GatewayError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import { refuse } from '../errors/refuse.ts';
import { fragmentsOf } from '../limits/operationSize.ts';
import { isGranted, policyOf, type Policy } from './fieldPolicies.ts';

/**
 * Refuses an operation as a whole, with 403, when the principal's scopes do not grant a field that it selects. Each field's
 * policy is enforced before its resolver too (`enforcePolicies`); this refuses before anything is read.
 */
export const authorizationPlugin: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation, contextValue: { principal } }) {
        if (operation === undefined) return;
        for (const policy of policies(schema, document, operation)) {
          if (!isGranted(policy, principal.grant))
            refuse(new GatewayError('FORBIDDEN'), { 'www-authenticate': bearerChallenge.insufficientScope });
        }
      },
    };
  },
};

const known = new WeakMap<OperationDefinitionNode, ReadonlySet<Policy>>();

/** Found out once a document, for as long as Apollo Server keeps the document. */
function policies(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<Policy> {
  const found = known.get(operation) ?? policiesOf(schema, document, operation);
  known.set(operation, found);
  return found;
}

/** The policies of the fields of an operation, those of its fragments included; each fragment is visited once. */
function policiesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<Policy> {
  const fragments = fragmentsOf(document);
  const found = new Set<Policy>();
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let root = pending.pop(); root !== undefined; root = pending.pop()) {
    const typeInfo = new TypeInfo(schema);
    visit(
      root,
      visitWithTypeInfo(typeInfo, {
        Field({ name }) {
          const policy = policyOf(typeInfo.getParentType()?.name ?? '', name.value);
          if (policy !== undefined) found.add(policy);
        },
        FragmentSpread({ name }) {
          const fragment = fragments.get(name.value);
          if (fragment !== undefined) pending.push(fragment);
          fragments.delete(name.value);
        },
      }),
    );
  }
  return found;
}
