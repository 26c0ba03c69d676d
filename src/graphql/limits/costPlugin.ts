import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server';
import { getVariableValues, GraphQLError, type GraphQLSchema } from 'graphql';

import type { Principal } from '../../auth/principal.ts';
import { errorEntry, GatewayError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import { actualCost } from './actualCost.ts';
import { planCost, type SelectionCost } from './costPlan.ts';
import type { CostWeights } from './costWeights.ts';
import type { CountExcess } from './operationLimits.ts';

/** A client that sends this header with the value 1 is told in `extensions.cost` what its operation costs. */
export const costHeader = 'x-graphql-cost';

/** What one principal may spend, kept over all of its requests. */
export interface CostRate {
  /** Cost that one principal may spend in a minute. */
  readonly perMinute: number;
  /** Takes the cost from what the principal has left, or nothing when that is less. */
  charge(principal: Principal, cost: number): Promise<Charge>;
}

export interface Charge {
  readonly accepted: boolean;
  /** What the principal has left until `resetMs` is over. */
  readonly available: number;
  /** Milliseconds until the whole rate is there again. */
  readonly resetMs: number;
  /** Gives back what was charged and not used; resolves with what is available then. */
  giveBack(cost: number): Promise<number>;
}

export interface CostPluginOptions {
  readonly schema: GraphQLSchema;
  readonly weights: CostWeights;
  /** Largest cost of an operation. */
  readonly maximum: number;
  /** Whether operations beyond a limit are refused; otherwise they are counted and pass. */
  readonly enforced: boolean;
  readonly countExcess: CountExcess;
  readonly rate: CostRate;
}

interface Spending {
  readonly plan: SelectionCost;
  charge?: Promise<Charge>;
  executed: boolean;
}

/** Weighs operations before they are executed, and gives back of the principal's rate what they did not use. */
export function createCostPlugin(options: CostPluginOptions): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart() {
      let spending: Spending | undefined;
      return Promise.resolve({
        async didResolveOperation(request) {
          const plan = planOf(options, request);
          if (plan === undefined) return;
          spending = { plan, executed: false };
          if (plan.fixed > options.maximum) exceed(options, 'cost', tooExpensive(options.maximum));
          await charge(options, request.contextValue.principal, spending);
        },
        executionDidStart() {
          if (spending !== undefined) spending.executed = true;
          return Promise.resolve();
        },
        async willSendResponse(request) {
          if (spending !== undefined) await settle(options, request, spending);
        },
      });
    },
  };
}

function planOf(
  { weights, schema }: CostPluginOptions,
  { document, operation, request }: GraphQLRequestContext<RequestContext>,
): SelectionCost | undefined {
  if (document === undefined || operation === undefined) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
  return coerced && planCost(weights, { schema, document, operation, variables: coerced });
}

async function charge(options: CostPluginOptions, principal: Principal, spending: Spending): Promise<void> {
  const { rate } = options;
  const cost = spending.plan.fixed;
  if (principal.id === '' || cost === 0) return;
  if (cost > rate.perMinute) {
    exceed(options, 'rate', tooExpensive(rate.perMinute, ', all that one principal may spend in a minute'));
    return;
  }
  const pending = rate.charge(principal, cost);
  spending.charge = pending;
  const { accepted, resetMs } = await pending;
  if (!accepted) exceed(options, 'rate', new GatewayError('RATE_LIMITED', { retryAfterMs: resetMs }));
}

function tooExpensive(maximum: number, why = ''): GatewayError {
  return new GatewayError('COST_ESTIMATED_TOO_EXPENSIVE', {
    message: `Expected a cost of at most ${maximum}${why}. Ask for fewer rows, or for less of each.`,
  });
}

function exceed(
  { enforced, countExcess }: CostPluginOptions,
  limit: 'cost' | 'rate',
  error: GatewayError,
): void {
  countExcess(limit, enforced ? 'refused' : 'passed');
  if (!enforced) return;
  const { retryAfterMs } = error;
  // A GraphQLError, since Apollo Server takes status and headers of a refusal from nothing else.
  const http = {
    status: errorEntry(error.code).status ?? 400,
    ...(retryAfterMs !== undefined && { headers: retryAfter(retryAfterMs) }),
  };
  const extensions: Record<string, unknown> = { http };
  throw new GraphQLError(error.message, { originalError: error, extensions });
}

function retryAfter(milliseconds: number): HeaderMap {
  return new HeaderMap([['retry-after', String(Math.ceil(milliseconds / 1000))]]);
}

async function settle(
  { maximum, rate }: CostPluginOptions,
  { request, response }: GraphQLRequestContext<RequestContext>,
  { plan, charge: pending, executed }: Spending,
): Promise<void> {
  const asked = request.http?.headers.get(costHeader) === '1';
  const { body } = response;
  if ((!asked && pending === undefined) || body?.kind !== 'single') return;
  const requested = plan.fixed;
  const actual = executed ? actualCost(plan, body.singleResult.data) : 0;
  const charged = await pending;
  const unused = charged?.accepted === true ? requested - actual : 0;
  const available = unused > 0 ? await charged?.giveBack(unused) : charged?.available;
  if (!asked) return;
  const throttle = charged && { maximum: rate.perMinute, available, resetMs: charged.resetMs };
  const cost = { requested, actual, maximum, ...(throttle && { throttle }) };
  body.singleResult = { ...body.singleResult, extensions: { ...body.singleResult.extensions, cost } };
}
