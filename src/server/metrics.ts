import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { ErrorCode } from '../errors.ts';

export interface Metrics {
  readonly registry: Registry;
  countError(code: ErrorCode): void;
  /** @param name only where the safelist has it: any other name is a client's own text, and may be a patient's name */
  observeOperation(name: string | undefined, seconds: number): void;
  countUpstreamCall(operation: string, outcome: string): void;
  countPage(outcome: 'hit' | 'miss' | 'shared' | 'evicted'): void;
  countClientPage(): void;
  countAuditFailure(): void;
  /** A refused access token that was not recorded for audit, to bound a flood. */
  countUnrecordedRefusal(): void;
  /** An operation that the safelist does not have. */
  countUnregistered(): void;
  observePacingWait(operation: string, seconds: number): void;
  /** @param outcome `accepted`, or why not */
  countAuthentication(outcome: string): void;
  /** @param outcome `fetched`, or why not */
  countIssuerKeys(outcome: string): void;
  /** @param outcome whether the operation was refused, or let pass by LIMIT_MODE=warn */
  countExcess(limit: string, outcome: 'refused' | 'passed'): void;
  setBreakerState(
    place: { readonly datastoreId: string; readonly operations: string },
    state: 'closed' | 'half_open' | 'open',
  ): void;
}

const breakerStates = ['closed', 'half_open', 'open'] as const;

/** Labels are codes, outcomes and names of HealthImaging's operations, never values of a request. */
const pageOutcomes =
  'Upstream pages asked of the page cache: hit, miss, shared (joined a call in flight), and evicted ones';

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name: `healthimaging_graphql_${name}`, help, labelNames, registers });
  const errors = counter('errors_total', 'GraphQL errors by code', 'code');
  const operations = new Histogram({
    name: 'healthimaging_graphql_operation_seconds',
    help: 'Time to execute an operation, by its name where it is registered in the safelist',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const clientPages = counter(
    'client_pages_total',
    'Windows of search results given to clients; with the upstream calls: calls per client page',
  );
  const unregistered = counter('unregistered_operations_total', 'Operations that are not in the safelist');
  const auditFailures = counter('audit_failures_total', 'Responses whose audit events could not be written');
  const unrecordedRefusals = counter(
    'unrecorded_refusals_total',
    'Refusals beyond what is recorded for audit: 1 a second of a user or an address, 20 of all',
  );
  const upstreamCalls = counter(
    'upstream_calls_total',
    'Calls to HealthImaging by operation and outcome',
    'operation',
    'outcome',
  );
  const pages = counter('page_cache_total', pageOutcomes, 'outcome');
  const pacing = new Histogram({
    name: 'healthimaging_graphql_pacing_wait_seconds',
    help: 'Time that calls waited for their turn',
    labelNames: ['operation'],
    buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const authentications = counter(
    'authentications_total',
    'Requests by whether their access token was accepted, or why not',
    'outcome',
  );
  const issuerKeys = counter('issuer_keys_total', "Fetches of the issuer's keys by outcome", 'outcome');
  const breaker = new Gauge({
    name: 'healthimaging_graphql_breaker_state',
    help: '1 for the state that the circuit breaker of a data store and a group of operations is in',
    labelNames: ['state', 'datastore', 'operations'],
    registers,
  });
  const excesses = new Counter({
    name: 'healthimaging_graphql_limit_exceeded_total',
    help: 'Operations beyond a limit, by the name of the limit; passed with LIMIT_MODE=warn, refused without',
    labelNames: ['limit', 'outcome'],
    registers,
  });
  return {
    registry,
    countError: (code) => errors.inc({ code }),
    observeOperation: (name, seconds) => operations.observe({ operation: name ?? 'other' }, seconds),
    countUpstreamCall: (operation, outcome) => upstreamCalls.inc({ operation, outcome }),
    countPage: (outcome) => pages.inc({ outcome }),
    countClientPage: () => clientPages.inc(),
    countExcess: (limit, outcome) => excesses.inc({ limit, outcome }),
    countAuditFailure: () => auditFailures.inc(),
    countUnrecordedRefusal: () => unrecordedRefusals.inc(),
    countUnregistered: () => unregistered.inc(),
    observePacingWait: (operation, seconds) => pacing.observe({ operation }, seconds),
    countAuthentication: (outcome) => authentications.inc({ outcome }),
    countIssuerKeys: (outcome) => issuerKeys.inc({ outcome }),
    setBreakerState({ datastoreId, operations: group }, state) {
      for (const each of breakerStates) {
        breaker.set({ state: each, datastore: datastoreId, operations: group }, each === state ? 1 : 0);
      }
    },
  };
}
