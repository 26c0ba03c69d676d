import type { Log } from '../../log/log.ts';

type ApolloLogger = Readonly<Record<keyof Log, (message?: unknown) => void>>;

/**
 * Apollo Server's messages may hold text of errors, which may quote a request. The log has only the place in Apollo
 * Server's code that a message came from.
 */
export function apolloLog(log: Log): ApolloLogger {
  const at = (level: keyof Log) => (message?: unknown) =>
    log[level]({ err: message instanceof Error ? message : new Error() }, 'a message of Apollo Server');
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
