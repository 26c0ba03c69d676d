import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
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
import { apolloLogger, unexpectedErrorPlugin } from './telemetry/apolloLog.ts';
import { authorizationPlugin } from './access/authorizationPlugin.ts';
import { boundedRefusalsPlugin } from './errors/boundErrorsPlugin.ts';
import { checkVariablesPlugin, OneOfVariablesRule } from './errors/checkVariables.ts';
import type { RequestContext } from './context.ts';
import { createFormatError, type CountError } from './errors/formatError.ts';
import { NoServiceSdlRule } from './errors/hiddenSchema.ts';
import type { Limiting } from './limits/limiting.ts';
import { operationSpanPlugin } from './telemetry/operationSpan.ts';
import { safelistPlugin, type SafelistOptions } from './safelist/safelistPlugin.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly limiting: Limiting;
  /** Undefined: nothing is recorded for audit. */
  readonly auditing: Auditing | undefined;
  readonly countError: CountError;
  /** Undefined: any operation, and automatic persisted queries. */
  readonly safelist: SafelistOptions | undefined;
  /** @param name where it is registered in the safelist: any other one is a client's own text */
  readonly observeOperation: (name: string | undefined, seconds: number) => void;
  readonly log: Log;
}

type RegisteredName = (name: string | undefined) => string | undefined;

const maximumErrors = 10;

/** Apollo Server with its own extras off: the process edge is ours, and so is what clients see of errors. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  const hideNames = !options.introspection;
  const { schema, countError, safelist } = options;
  const registeredName: RegisteredName = (name) =>
    name !== undefined && safelist?.safelist.hasName(name) === true ? name : undefined;
  const formatError = createFormatError({ schema, hideNames, countError });
  return new ApolloServer<RequestContext>({
    schema,
    logger: apolloLogger(options.log),
    introspection: options.introspection,
    formatError,
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
      unexpectedErrorPlugin,
      // First: of what is not registered, nothing else is judged.
      ...(safelist === undefined ? [] : [safelistPlugin(safelist)]),
      operationSpanPlugin(registeredName),
      authorizationPlugin,
      checkVariablesPlugin(hideNames),
      ...options.limiting.plugins,
      statusPlugin,
      boundedRefusalsPlugin,
      latencyPlugin((name, seconds) => options.observeOperation(registeredName(name), seconds)),
      // Last: what is recorded is what goes out.
      ...(options.auditing === undefined ? [] : [auditPlugin(options.auditing, formatError)]),
    ],
  });
}

/** Refusals of the document itself. */
const documentCodes = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_LIMIT_EXCEEDED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
]);

/**
 * GraphQL over HTTP: a well-formed request answered as `application/json` has status 200, also when its document is
 * refused; `application/graphql-response+json` keeps the 400. Gateways drop the errors of a subgraph's 400.
 */
const statusPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ request, response }) {
        const accept = request.http?.headers.get('accept') ?? '';
        const { body, http } = response;
        if (http.status !== 400 || accept.includes('application/graphql-response+json'))
          return Promise.resolve();
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        if (errors.every(({ extensions }) => documentCodes.has(extensions?.['code']))) http.status = 200;
        return Promise.resolve();
      },
    }),
};

function latencyPlugin(observe: ApolloOptions['observeOperation']): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart() {
      const start = performance.now();
      return Promise.resolve({
        willSendResponse({ operation }) {
          observe(operation?.name?.value, (performance.now() - start) / 1000);
          return Promise.resolve();
        },
      });
    },
  };
}
