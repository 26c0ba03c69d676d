import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';

/**
 * Apollo Server calls `didResolveOperation` of all its plugins at once. Of these plugins each is called only when those
 * before it have let the operation pass: nothing is charged for an operation that is forbidden.
 */
export function refuseInOrder<Context extends BaseContext>(
  plugins: readonly ApolloServerPlugin<Context>[],
): ApolloServerPlugin<Context>[] {
  const decisions = new WeakMap<GraphQLRequestContext<Context>, Promise<void>>();
  return plugins.map((plugin) => ({
    ...plugin,
    async requestDidStart(request) {
      const listener = await plugin.requestDidStart?.(request);
      if (listener?.didResolveOperation === undefined) return listener;
      return {
        ...listener,
        async didResolveOperation(operation) {
          const before = decisions.get(operation);
          const decision = (async () => {
            await before;
            await listener.didResolveOperation?.(operation);
          })();
          decisions.set(operation, decision);
          return decision;
        },
      };
    },
  }));
}
