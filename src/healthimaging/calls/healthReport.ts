import { GatewayError, type ErrorCode } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { operations, type HealthImaging, type Operation } from '../api.ts';
import { httpStatusOf } from '../sdk/failure.ts';
import { createIncident, type Incident } from './incident.ts';
import { wrapCalls, type Call } from './wrapCalls.ts';

export interface HealthReportOptions {
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** The configured data stores: calls of others are not reported, so that the log holds no id of a request. */
  readonly datastoreIds: readonly string[];
  /** How long no call may fail before a fault is taken to be over, in milliseconds. */
  readonly quietMs?: number;
}

/** What a call has to get past to succeed, and what the log says when calls do not, and when they do again. */
interface Stage {
  readonly codes: readonly ErrorCode[];
  /** Left out: all. */
  readonly operations?: ReadonlySet<Operation>;
  readonly failing: string;
  readonly well: string;
}

/** In the order that a call gets past them. */
const upstreamStages: readonly Stage[] = [
  {
    codes: ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'],
    failing: 'HealthImaging cannot be reached, or does not respond in time',
    well: 'HealthImaging responds again',
  },
  {
    codes: ['UPSTREAM_PROTOCOL_ERROR'],
    failing: 'HealthImaging responds in a form that its service model does not describe',
    well: 'HealthImaging responds in the form of its service model again',
  },
  {
    codes: ['UPSTREAM_AUTH_FAILED'],
    failing: 'the AWS credentials of the gateway are missing, expired or not accepted',
    well: 'the AWS credentials of the gateway are accepted again',
  },
];

/** After those of the upstream; one data store may fail here while others do not. */
const datastoreStages: readonly Stage[] = [
  {
    codes: ['UPSTREAM_ACCESS_DENIED'],
    failing: 'HealthImaging denies the gateway access to a data store',
    well: 'HealthImaging grants the gateway access to the data store again',
  },
  {
    codes: ['NOT_FOUND'],
    // What the other operations do not find may be an image set, and the client's mistake.
    operations: new Set([operations.searchImageSets, operations.getDatastore]),
    failing: 'HealthImaging does not know a configured data store',
    well: 'HealthImaging knows the data store again',
  },
];

/**
 * The same HealthImaging, which writes one warning when it or one of its data stores begins to fail, and one line when
 * that is over, however many requests fail in between. What concerns a single request is left out: an image set that does
 * not exist, input that is refused, a throttle, a client that left.
 */
export function withHealthReport(api: HealthImaging, options: HealthReportOptions): HealthImaging {
  const ofUpstream = upstreamStages.map((stage) => createMonitor(stage, options));
  const monitorsOf = new Map(
    options.datastoreIds.map((datastoreId) => [
      datastoreId,
      [...ofUpstream, ...datastoreStages.map((stage) => createMonitor(stage, options, datastoreId))],
    ]),
  );
  return wrapCalls(api, async (call, work) => {
    const monitors = monitorsOf.get(call.datastoreId) ?? [];
    const begunAt = performance.now();
    try {
      const result = await work();
      for (const monitor of monitors) monitor.passed(call.operation, begunAt);
      return result;
    } catch (error) {
      if (error instanceof GatewayError) reportFailure(error, call, begunAt, monitors);
      throw error;
    }
  });
}

function reportFailure(error: GatewayError, call: Call, begunAt: number, monitors: readonly Monitor[]): void {
  const { operation } = call;
  const failedAt = monitors.findIndex((monitor) => monitor.isWhere(error.code, operation));
  // The queue throttles calls too, and HealthImaging may before it looks at credentials: that shows nothing.
  if (httpStatusOf(error.cause) !== undefined && error.code !== 'UPSTREAM_THROTTLED') {
    const gotPast = failedAt < 0 ? monitors : monitors.slice(0, failedAt);
    for (const monitor of gotPast) monitor.passed(operation, begunAt);
  }
  if (!call.options.signal.aborted) monitors[failedAt]?.failed(error, call);
}

interface Monitor extends Pick<Incident, 'passed'> {
  isWhere(code: ErrorCode, operation: Operation): boolean;
  failed(error: GatewayError, call: Call): void;
}

function createMonitor(
  stage: Stage,
  { log, quietMs = 1_000 }: HealthReportOptions,
  datastoreId?: string,
): Monitor {
  let failure = {};
  const incident = createIncident({
    quietMs,
    now: () => performance.now(),
    onEnd: () => log.info(failure, stage.well),
  });
  return {
    passed: (operation, begunAt) => incident.passed(operation, begunAt),
    isWhere: (code, operation) =>
      stage.codes.includes(code) && (stage.operations === undefined || stage.operations.has(operation)),
    failed({ code, cause }, { operation, options: { requestId } }) {
      if (!incident.failed(operation)) return;
      failure = { code, ...(datastoreId !== undefined && { datastoreId }) };
      const first = { operation, ...(requestId !== undefined && { requestId }) };
      log.warn({ ...failure, ...first, ...(cause !== undefined && { err: cause }) }, stage.failing);
    },
  };
}
