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
import type { RequestContext } from './context.ts';
import { boundErrorsPlugin } from './errors/boundErrorsPlugin.ts';
import { chosenOperationPlugin } from './errors/chosenOperationPlugin.ts';
import { checkVariablesPlugin, OneOfVariablesRule } from './errors/checkVariables.ts';
import { createFormatError } from './errors/formatError.ts';
import { NoServiceSdlRule } from './errors/hiddenSchema.ts';
import { inOrder } from './errors/inOrder.ts';
import { statusPlugin } from './errors/statusPlugin.ts';
import { authorizationPlugin } from './access/authorizationPlugin.ts';
import { maximumErrors, type Limiting } from './limits/limiting.ts';
import { projectionPlugin } from './projection/projectionPlugin.ts';
import type { Safelist } from './safelist/safelist.ts';
import { apolloLog } from './telemetry/apolloLog.ts';
import { auditPlugin } from './telemetry/auditPlugin.ts';
import { createErrorReport, type CountError } from './telemetry/errorReport.ts';
import { operationSummaryPlugin } from './telemetry/operationSummaryPlugin.ts';
import { operationTimePlugin, type ObserveOperation } from './telemetry/operationTimePlugin.ts';
import { stringifyResult } from './telemetry/responseBytes.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limiting: Limiting;
  /** Undefined: no audit events are recorded. */
  readonly auditing: Auditing | undefined;
  readonly countError: CountError;
  readonly safelist: Safelist;
  /** How plain searches are answered without graphql-js, with so many bytes of answers kept; undefined: they are not. */
  readonly projection: { readonly answerBytes: number } | undefined;
  readonly observeOperation: ObserveOperation;
  readonly log: Log;
}

/** Apollo Server without its own landing page, reports, signal handling and error messages. */
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
    logger: apolloLog(log),
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
    stringifyResult,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Otherwise an APOLLO_KEY in the environment makes Apollo Server send reports to Apollo.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      errors.plugin,
      operationSummaryPlugin(safelist.registeredName),
      ...inOrder([
        options.limiting.firstPlugin,
        chosenOperationPlugin,
        ...safelist.plugins,
        authorizationPlugin,
        checkVariablesPlugin(hideNames),
        ...options.limiting.plugins,
        statusPlugin,
        boundErrorsPlugin,
        // Last, so that the response that is recorded is the one that is sent.
        ...(options.auditing === undefined ? [] : [auditPlugin(options.auditing, errors.formatError)]),
      ]),
      ...(options.projection !== undefined ? [projectionPlugin(schema, options.projection.answerBytes)] : []),
      operationTimePlugin(options.observeOperation, safelist.registeredName),
    ],
  });
}
