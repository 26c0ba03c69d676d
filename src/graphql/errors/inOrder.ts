import type { ApolloServerPlugin, BaseContext, GraphQLRequestListener } from '@apollo/server';

import { attached, type Attached } from '../../attached.ts';

/**
 * Apollo Server calls a hook of all its plugins at once. Of these plugins, each is asked whether an operation may be executed
 * only when those before it have let it pass: nothing is charged for an operation that is forbidden. And each is shown the
 * response when those before it have done with it: what is audited is what is sent.
 */
export function inOrder<Context extends BaseContext>(
  plugins: readonly ApolloServerPlugin<Context>[],
): ApolloServerPlugin<Context>[] {
  const decisions = attached<object, Promise<unknown>>();
  const sendings = attached<object, Promise<unknown>>();
  return plugins.map((plugin) => ({
    ...plugin,
    async requestDidStart(request) {
      const listener = await plugin.requestDidStart?.(request);
      return listener && listenerInOrder(listener, { decisions, sendings });
    },
  }));
}

function listenerInOrder<Context extends BaseContext>(
  listener: GraphQLRequestListener<Context>,
  { decisions, sendings }: Readonly<Record<'decisions' | 'sendings', Attached<object, Promise<unknown>>>>,
): GraphQLRequestListener<Context> {
  return {
    ...listener,
    ...(listener.didResolveOperation !== undefined && {
      didResolveOperation(request) {
        return next(decisions, request, async (before) => {
          await before;
          await listener.didResolveOperation?.(request);
        });
      },
    }),
    ...(listener.willSendResponse !== undefined && {
      willSendResponse(request) {
        return next(sendings, request, async (before) => {
          // A response that one of them could not prepare is sent in another form: the others see that it is.
          await before?.catch(() => undefined);
          await listener.willSendResponse?.(request);
        });
      },
    }),
  };
}

function next(
  steps: Attached<object, Promise<unknown>>,
  request: object,
  work: (before: Promise<unknown> | undefined) => Promise<void>,
): Promise<void> {
  const step = work(steps.get(request));
  steps.set(request, step);
  return step;
}
