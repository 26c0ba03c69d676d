import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import type { GraphQLSchema } from 'graphql';

import { GatewayError } from '../../../errors.ts';
import type { RequestContext } from '../../context.ts';
import { coercedVariables } from '../../coercedVariables.ts';
import { errorForm } from '../../errors/formatError.ts';
import { refuse, refusalHead } from '../../errors/refuse.ts';
import { actualCost } from './actualCost.ts';
import { planCost } from './costPlan.ts';
import type { SelectionCost } from './costs.ts';
import type { Charge, CostRate } from './costRate.ts';
import type { CostWeights } from './costWeights.ts';
import type { ExcessReport } from '../operationLimits.ts';

/** A client that sends this header with the value 1 gets its operation's cost in `extensions.cost`. */
export const costHeader = 'x-graphql-cost';

export interface CostPluginOptions {
  readonly schema: GraphQLSchema;
  readonly weights: CostWeights;
  /** Largest cost of an operation. */
  readonly maximum: number;
  /** Whether operations beyond a limit are refused; otherwise they are reported and pass. */
  readonly enforced: boolean;
  readonly report: ExcessReport;
  readonly rate: CostRate;
}

interface Spending {
  readonly plan: SelectionCost;
  charge?: Promise<Charge>;
}

/** Charges operations before they are executed for what they may cost, and gives back what they did not use. */
export function createCostPlugin(options: CostPluginOptions): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      let spending: Spending | undefined;
      return {
        async didResolveOperation(request) {
          const plan = planOf(options, request);
          if (plan === undefined) return;
          spending = { plan };
          if (plan.fixed > options.maximum)
            exceed(options, request.contextValue, { limit: 'cost', error: tooExpensive(options.maximum) });
          await charge(options, request.contextValue, spending);
        },
        async willSendResponse(request) {
          if (spending !== undefined) await settle(options, request, spending);
          else await chargeRefusal(options, request);
        },
      };
    },
  };
}

function planOf(
  { weights, schema }: CostPluginOptions,
  { document, operation, request }: GraphQLRequestContext<RequestContext>,
): SelectionCost | undefined {
  if (document === undefined || operation === undefined) return undefined;
  const coerced = coercedVariables(schema, operation, request);
  return coerced && planCost(weights, { schema, document, operation, variables: coerced });
}

async function charge(
  options: CostPluginOptions,
  context: RequestContext,
  spending: Spending,
): Promise<void> {
  const { rate } = options;
  const { principal } = context;
  const cost = spending.plan.fixed;
  if (principal.id === '' || cost === 0) return;
  if (cost > rate.perMinute) {
    const error = tooExpensive(rate.perMinute, ', all that one principal may spend in a minute');
    exceed(options, context, { limit: 'rate', error });
    return;
  }
  const pending = rate.charge(principal, cost);
  spending.charge = pending;
  const { accepted, resetMs } = await pending;
  if (accepted) return;
  exceed(options, context, {
    limit: 'rate',
    error: new GatewayError('RATE_LIMITED', { retryAfterMs: resetMs }),
  });
}

function tooExpensive(maximum: number, why = ''): GatewayError {
  return new GatewayError('COST_ESTIMATED_TOO_EXPENSIVE', {
    message: `Expected a cost of at most ${maximum}${why}. Ask for fewer rows, or for less of each.`,
  });
}

function exceed(
  { enforced, report }: CostPluginOptions,
  context: RequestContext,
  { limit, error }: { readonly limit: 'cost' | 'rate'; readonly error: GatewayError },
): void {
  if (!enforced) {
    report.passed(limit, context);
    return;
  }
  report.refused(limit);
  refuse(error);
}

/** What a document that is refused costs: about as much to look at as an operation with a call of HealthImaging. */
const costOfRefusal = 10;

/** A refusal before the cost is known costs something, too: otherwise who only sends what is refused would have no limit. */
async function chargeRefusal(
  { enforced, report, rate }: CostPluginOptions,
  { contextValue, response: { body, http } }: GraphQLRequestContextWillSendResponse<RequestContext>,
): Promise<void> {
  const { principal, requestId } = contextValue;
  if (principal.id === '' || body.kind !== 'single' || body.singleResult.data !== undefined) return;
  const { accepted, resetMs } = await rate.charge(principal, costOfRefusal);
  if (accepted) return;
  if (!enforced) {
    report.passed('rate', contextValue);
    return;
  }
  report.refused('rate');
  const error = new GatewayError('RATE_LIMITED', { retryAfterMs: resetMs });
  const { status, headers } = refusalHead(error);
  http.status = status;
  for (const [name, value] of Object.entries(headers)) http.headers.set(name, value);
  body.singleResult = { errors: [errorForm(error, requestId)] };
}

async function settle(
  { maximum, rate }: CostPluginOptions,
  { request, response, contextValue }: GraphQLRequestContext<RequestContext>,
  { plan, charge: pending }: Spending,
): Promise<void> {
  const asked = request.http?.headers.get(costHeader) === '1';
  const { body } = response;
  if ((!asked && pending === undefined) || body?.kind !== 'single') return;
  const requested = plan.fixed;
  const spared = contextValue.spared.reduce((sum, each) => sum + each(), 0);
  const actual = Math.max(0, actualCost(plan, body.singleResult.data) - spared);
  const charged = await pending;
  const unused = charged?.accepted === true ? requested - actual : 0;
  const available = unused > 0 ? await charged?.giveBack(unused) : charged?.available;
  if (!asked) return;
  const throttle = charged && { maximum: rate.perMinute, available, resetMs: charged.resetMs };
  const cost = { requested, actual, maximum, ...(throttle && { throttle }) };
  body.singleResult = { ...body.singleResult, extensions: { ...body.singleResult.extensions, cost } };
}
