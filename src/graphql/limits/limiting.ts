import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, type ParseOptions, type ValidationRule } from 'graphql';

import { GatewayError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import type { RequestContext } from '../context.ts';
import { createCostPlugin } from './cost/costPlugin.ts';
import type { CostRate } from './cost/costRate.ts';
import { createCostWeights } from './cost/costWeights.ts';
import { errorCodeOf } from '../errors/errorCode.ts';
import { tokenLimitMessage } from '../errors/requestMessages.ts';
import { documentFormPlugin } from './documentForm.ts';
import { operationExcess } from './operationExcess.ts';
import type { ExcessReport, LimitName, OperationLimits } from './operationLimits.ts';

/** Errors after which graphql-js stops validating a document. */
export const maximumErrors = 10;

/** The largest LIMIT_TOKENS, which bounds the parser even where limits only warn. */
const largestTokenLimit = 100_000;

export interface LimitingOptions extends Omit<OperationLimits, 'selections'> {
  /** `enforce` refuses operations beyond a limit; `warn` counts and logs them, and lets them pass. */
  readonly mode: 'enforce' | 'warn';
  /** Of a document. */
  readonly lexicalTokens: number;
  /** Cost of an operation. */
  readonly cost: number;
}

export interface LimitingDependencies {
  readonly rate: CostRate;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: { countExcess(limit: LimitName, outcome: 'refused' | 'passed'): void };
}

/** What Apollo Server needs to keep operations within their limits. */
export interface Limiting {
  readonly parseOptions: ParseOptions;
  readonly validationRules: readonly ValidationRule[];
  /** To come before all others that refuse. */
  readonly firstPlugin: ApolloServerPlugin<RequestContext>;
  /** To come last, so that nothing is charged for what the others refuse. */
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
}

export function createLimiting(
  schema: GraphQLSchema,
  options: LimitingOptions,
  { rate, log, metrics }: LimitingDependencies,
): Limiting {
  const { lexicalTokens } = options;
  const report: ExcessReport = {
    refused: (limit) => metrics.countExcess(limit, 'refused'),
    passed(limit, { requestId }) {
      metrics.countExcess(limit, 'passed');
      log.warn({ limit, requestId }, 'beyond a limit; LIMIT_MODE=warn lets it pass');
    },
  };
  // With its fragments in place, an operation may be as large as a document without fragments.
  const limits = { ...options, selections: lexicalTokens };
  const enforced = options.mode === 'enforce';
  const weights = createCostWeights(schema);
  const costPlugin = createCostPlugin({ schema, weights, maximum: options.cost, enforced, report, rate });
  const firstPlugin = documentFormPlugin(({ limit }) => report.refused(limit));
  return enforced
    ? {
        firstPlugin,
        parseOptions: { maxLexicalTokens: lexicalTokens },
        validationRules: [operationLimitsRule(limits, report)],
        plugins: [tokenLimitPlugin(report), oneExcessPlugin, costPlugin],
      }
    : {
        firstPlugin,
        parseOptions: { maxLexicalTokens: largestTokenLimit },
        validationRules: [],
        plugins: [passingLimitsPlugin(limits, report), costPlugin],
      };
}

/**
 * Refuses documents beyond a limit, with an error that names the limit and its bound, before any other rule has looked at them:
 * graphql-js stops validating when it has as many errors as it may, so that one is reported until it does.
 */
export function operationLimitsRule(
  limits: OperationLimits,
  report: Pick<ExcessReport, 'refused'>,
): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = operationExcess(document, limits);
      if (excess === undefined) return;
      report.refused(excess.limit);
      const cause = new GatewayError('OPERATION_LIMIT_EXCEEDED', { message: excess.message });
      const error = new GraphQLError(cause.message, { originalError: cause });
      for (let count = 0; count <= maximumErrors; count += 1) context.reportError(error);
    },
  });
}

/** Leaves of the errors of a document beyond a limit the one that says so. */
const oneExcessPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async validationDidStart() {
        return async (errors) => {
          const excess = errors?.find((error) => errorCodeOf(error) === 'OPERATION_LIMIT_EXCEEDED');
          // Apollo Server goes on with this very list.
          if (excess !== undefined) (errors as Error[]).splice(0, Number.POSITIVE_INFINITY, excess);
        };
      },
    };
  },
};

/** The parser itself refuses documents with too many tokens; this reports it. */
function tokenLimitPlugin(report: ExcessReport): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async parsingDidStart() {
          return async (error) => {
            if (error && tokenLimitMessage(error.message) !== undefined) report.refused('tokens');
          };
        },
      };
    },
  };
}

/**
 * Reports documents beyond a limit and lets them pass. Not a validation rule: Apollo Server caches the documents that it
 * has validated, so a rule would run only for the first request with each.
 */
function passingLimitsPlugin(
  limits: OperationLimits & { readonly lexicalTokens: number },
  report: ExcessReport,
): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, contextValue }) {
          if ((document.tokenCount ?? 0) > limits.lexicalTokens) report.passed('tokens', contextValue);
          const excess = operationExcess(document, limits);
          if (excess !== undefined) report.passed(excess.limit, contextValue);
        },
      };
    },
  };
}
