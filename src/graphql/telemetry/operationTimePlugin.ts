import type { ApolloServerPlugin } from '@apollo/server';

/** @param name the operation's registered name in the safelist; any other is the client's own text */
export type ObserveOperation = (name: string | undefined, seconds: number) => void;

/** Measures the time from the start of an operation to its response. */
export function operationTimePlugin(
  observe: ObserveOperation,
  registeredName: (name: string | undefined) => string | undefined,
): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const start = performance.now();
      return {
        async willSendResponse({ operation }) {
          observe(registeredName(operation?.name?.value), (performance.now() - start) / 1000);
        },
      };
    },
  };
}
