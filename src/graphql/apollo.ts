import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';

import type { Log } from '../log/log.ts';
import type { Auditing } from '../audit/auditing.ts';
import { auditPlugin } from './telemetry/auditPlugin.ts';
import { apolloLogger } from './telemetry/apolloLog.ts';
import { authorizationPlugin } from './access/authorizationPlugin.ts';
import { boundErrorsPlugin } from './errors/boundErrorsPlugin.ts';
import { checkVariablesPlugin, OneOfVariablesRule } from './errors/checkVariables.ts';
import type { RequestContext } from './context.ts';
import { createFormatError } from './errors/formatError.ts';
import { NoServiceSdlRule } from './errors/hiddenSchema.ts';
import type { Limiting } from './limits/limiting.ts';
import { refuseInOrder } from './errors/refuseInOrder.ts';
import { statusPlugin } from './errors/statusPlugin.ts';
import { createErrorReport, type CountError } from './telemetry/errorReport.ts';
import { operationSummaryPlugin } from './telemetry/operationSummaryPlugin.ts';
import { operationTimePlugin, type ObserveOperation } from './telemetry/operationTimePlugin.ts';
import type { Safelist } from './safelist/safelist.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limiting: Limiting;
  /** Undefined: nothing is recorded for audit. */
  readonly auditing: Auditing | undefined;
  readonly countError: CountError;
  readonly safelist: Safelist;
  readonly observeOperation: ObserveOperation;
  readonly log: Log;
}

const maximumErrors = 10;

/** Apollo Server with its own extras off: the process edge is ours, and so is what clients see of errors. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  const hideNames = !options.introspection;
  const { schema, countError, safelist, log } = options;
  const errors = createErrorReport({
    formatError: createFormatError({ schema, hideNames }),
    countError,
    log,
  });
  return new ApolloServer<RequestContext>({
    schema,
    logger: apolloLogger(log),
    introspection: options.introspection,
    formatError: (_formatted, error) => errors.formatError(error),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: hideNames,
    parseOptions: options.limiting.parseOptions,
    validationRules: [
      ...options.limiting.validationRules,
      OneOfVariablesRule,
      ...(hideNames ? [NoServiceSdlRule] : []),
    ],
    validationOptions: { maxErrors: maximumErrors },
    executionOptions: { maxCoercionErrors: maximumErrors },
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Apollo's own reports would leave the house as soon as an APOLLO_KEY is set.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      errors.plugin,
      operationSummaryPlugin(safelist.registeredName),
      ...refuseInOrder([
        ...safelist.plugins,
        authorizationPlugin,
        checkVariablesPlugin(hideNames),
        ...options.limiting.plugins,
      ]),
      statusPlugin,
      boundErrorsPlugin,
      operationTimePlugin(options.observeOperation, safelist.registeredName),
      // Last: what is recorded is what goes out.
      ...(options.auditing === undefined ? [] : [auditPlugin(options.auditing, errors.formatError)]),
    ],
  });
}
