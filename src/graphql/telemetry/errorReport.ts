import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind } from 'graphql';

import { GatewayError, type ErrorCode } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { errorCodeOf, thrownIn } from '../errors/errorCode.ts';
import { errorForm, type ErrorForm, type FormatError } from '../errors/formatError.ts';
import { requestScope } from './requestScope.ts';

/** How often clients are told of each code, for the metrics. */
export type CountError = (code: ErrorCode) => void;

export interface ErrorReportOptions {
  readonly formatError: FormatError;
  readonly countError: CountError;
  readonly log: Pick<Log, 'error'>;
}

export interface ErrorReport {
  /** Counts errors, notes their codes in the request's summary, and logs those that are bugs of ours. */
  readonly plugin: ApolloServerPlugin;
  /** The form of an error that the current request is answered with; reports it, where the plugin was not told of it. */
  readonly formatError: (error: unknown) => ErrorForm;
}

export function createErrorReport({ formatError, countError, log }: ErrorReportOptions): ErrorReport {
  const report = (code: ErrorCode, error: unknown) => {
    const scope = requestScope.getStore();
    countError(code);
    scope?.operation.errorCodes.add(code);
    if (code !== 'INTERNAL_SERVER_ERROR') return;
    log.error(
      { code, err: thrownIn(error), field: fieldOf(error), requestId: scope?.requestId },
      'internal error',
    );
  };
  return {
    plugin: {
      async requestDidStart() {
        return {
          async didEncounterErrors({ errors }) {
            for (const error of errors) report(errorCodeOf(error), error);
          },
        };
      },
      // Thrown by a plugin. Apollo Server goes on to format an error of its own in place of this one.
      async unexpectedErrorProcessingRequest({ error }) {
        report('INTERNAL_SERVER_ERROR', error);
      },
    },
    formatError(error) {
      const scope = requestScope.getStore();
      const form = formOf(error, scope?.requestId);
      // No hook is told of every error: not of a failure to write the response, nor of what the audit's plugin puts in its place.
      const { code } = form.extensions;
      if (scope !== undefined && !scope.operation.errorCodes.has(code)) report(code, error);
      return form;
    },
  };

  /** Apollo Server would swallow what a formatter throws. */
  function formOf(error: unknown, requestId: string | undefined): ErrorForm {
    try {
      return formatError(error, requestId);
    } catch (bug) {
      report('INTERNAL_SERVER_ERROR', bug);
      return errorForm(new GatewayError('INTERNAL_SERVER_ERROR'), requestId);
    }
  }
}

/** By its name in the schema: an error's path holds the client's aliases. Only execution sets a path. */
function fieldOf(error: unknown): string | undefined {
  const node = error instanceof GraphQLError && error.path !== undefined ? error.nodes?.[0] : undefined;
  return node?.kind === Kind.FIELD ? node.name.value : undefined;
}
