import type { ApolloServerPlugin } from '@apollo/server';

import type { Log } from '../../log/log.ts';
import { requestScope } from './requestScope.ts';

type ApolloLogger = Readonly<Record<keyof Log, (message?: unknown) => void>>;

/**
 * Apollo Server's own words would go to the console, with messages of errors in them. Here the log tells where in Apollo
 * Server they were said, which says what they were.
 */
export function apolloLogger(log: Log): ApolloLogger {
  const tell = (level: keyof Log) => (message?: unknown) =>
    log[level]({ err: message instanceof Error ? message : new Error() }, 'a word of Apollo Server');
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
}

/** What a plugin or Apollo Server itself threw: clients are told that it is our fault, the log what and where it was. */
export const unexpectedErrorPlugin: ApolloServerPlugin = {
  unexpectedErrorProcessingRequest({ error }) {
    const scope = requestScope.getStore();
    scope?.log.error({ err: error, requestId: scope.requestId }, 'a fault of the gateway');
    return Promise.resolve();
  },
};
