import { GatewayError } from '../../errors.ts';
import { pause } from '../abort.ts';
import { CallQueue, withdrawal, type CallQueueOptions, type Leave } from './callQueue.ts';
import type { CallOptions, HealthImaging, Operation } from '../api.ts';
import type { BreakerOptions, BreakerState } from './breaker.ts';
import { createBreakers, type BreakerPlace } from './breakers.ts';
import { createRetryBudget, retryDelayMs, retryKindOf, type RetryBudget } from './retry.ts';
import { retryAfterOf } from '../sdk/retryAfter.ts';
import { withPageSizeOfToken } from './pageSizeOfToken.ts';
import { inUpstreamSpan } from './upstreamSpan.ts';
import { wrapCalls, type Call, type Wrapper } from './wrapCalls.ts';

export interface UpstreamMetrics {
  /** Counts each try. @param outcome `ok`, or the code of the error */
  countUpstreamCall(operation: Operation, outcome: string): void;
  observePacingWait(operation: Operation, seconds: number): void;
  setBreakerState(place: BreakerPlace, state: BreakerState): void;
}

export interface ResilienceOptions
  extends Partial<Omit<CallQueueOptions, 'observeWait'>>, Partial<BreakerOptions> {
  /** The configured data stores, whose breakers there are from the start. */
  readonly datastoreIds?: readonly string[];
  /** Tries of one call, the first included. */
  readonly maximumAttempts?: number;
  readonly metrics?: UpstreamMetrics;
}

const defaults = {
  rates: {},
  maximumInFlight: 50,
  maximumQueued: 100,
  failures: 5,
  failureShare: 0.5,
  windowMs: 10_000,
  halfOpenAfterMs: 1_000,
  datastoreIds: [],
  maximumAttempts: 3,
} as const satisfies ResilienceOptions;

/**
 * The same HealthImaging, called no faster than the account's rates, by a bounded number of calls at once, and not at all
 * while it does not respond. What may succeed at another try is tried again, within a budget and the caller's deadline.
 * Next tokens are used at the page size that they require.
 */
export function withResilience(api: HealthImaging, options: ResilienceOptions = {}): HealthImaging {
  const paced = wrapCalls(api, createRunner(options));
  return {
    ...paced,
    searchImageSets: withPageSizeOfToken((request, call) => paced.searchImageSets(request, call)),
  };
}

function createRunner(options: ResilienceOptions): Wrapper {
  const { metrics, maximumAttempts, ...limits } = { ...defaults, ...options };
  const queue = new CallQueue({
    ...limits,
    observeWait(operation, seconds) {
      metrics?.observePacingWait(operation, seconds);
    },
  });
  const breakerOf = createBreakers({
    ...limits,
    setState: (place, state) => metrics?.setBreakerState(place, state),
  });
  const budget = createRetryBudget();

  const refuseIfOpen = ({ datastoreId, operation }: Call) => {
    const refused = breakerOf(datastoreId, operation).refusal();
    if (refused !== undefined) throw refused;
  };

  /** The breaker may open while a call waits: that is not a failed try, and not to be tried again. */
  const takeTurn = async (call: Call): Promise<Leave> => {
    refuseIfOpen(call);
    const leave = await queue.enter(call.operation, call.options);
    try {
      refuseIfOpen(call);
    } catch (refused) {
      leave();
      throw refused;
    }
    return leave;
  };

  const attempt = async <Result>(
    number: number,
    { operation, datastoreId, options: { signal, progress } }: Call,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    if (progress !== undefined) progress.askedAt = performance.now();
    try {
      const inSpan = () => inUpstreamSpan(operation, number, work, asGatewayError);
      const result = await breakerOf(datastoreId, operation).execute(inSpan, signal);
      metrics?.countUpstreamCall(operation, 'ok');
      return result;
    } catch (error) {
      const failure = asGatewayError(error);
      metrics?.countUpstreamCall(operation, failure.code);
      if (failure.code === 'UPSTREAM_THROTTLED') {
        queue.slowDown(operation, retryAfterOf(failure.cause));
      }
      throw failure;
    }
  };

  return async (call, work) => {
    const { options: waiting } = call;
    budget.deposit();
    let failed: GatewayError | undefined;
    for (let retries = 0; ; retries += 1) {
      let leave: Leave;
      try {
        leave = await takeTurn(call);
      } catch (error) {
        // The failure of the last try says more than that there can be no other one now.
        throw waiting.signal.aborted ? error : (failed ?? error);
      }
      try {
        return await attempt(retries + 1, call, work);
      } catch (error) {
        failed = asGatewayError(error);
      } finally {
        leave();
      }
      if (retries + 1 >= maximumAttempts) throw failed;
      await backOff(failed, retries, waiting, budget);
    }
  };
}

/** Waits before the next try. @throws the failure itself where there should be none */
async function backOff(
  failure: GatewayError,
  retries: number,
  { signal, deadline, progress }: CallOptions,
  budget: RetryBudget,
): Promise<void> {
  const kind = signal.aborted ? undefined : retryKindOf(failure);
  if (kind === undefined) throw failure;
  const delayMs = retryDelayMs(kind, retries, failure, Math.random());
  const inTime = delayMs !== undefined && (deadline === undefined || performance.now() + delayMs < deadline);
  if (!inTime || !budget.withdraw(kind)) throw failure;
  const turnAt = performance.now() + delayMs;
  if (progress !== undefined && kind === 'throttle') progress.turnAt = turnAt;
  try {
    await pause(delayMs, signal);
  } catch (error) {
    throw kind === 'throttle' ? withdrawal(signal, turnAt - performance.now()) : error;
  } finally {
    if (progress !== undefined) progress.turnAt = undefined;
  }
}

/** The port promises GatewayErrors; anything else is a fault of the gateway. */
function asGatewayError(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError('INTERNAL_SERVER_ERROR', { cause: error });
}
