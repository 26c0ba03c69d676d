import type { ErrorCode } from '../errors.ts';

/** Claims of the access token; undefined without authentication, and where the token was refused. */
export interface AuditedPrincipal {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  /** Empty where there are no tenants. */
  readonly tenant: string;
  /** Undefined where the principal is not confined to one patient; the patient's keyed hash where values are hashed. */
  readonly confinedTo: { readonly patientHash: string | undefined } | undefined;
}

export type AuditOutcome =
  { readonly kind: 'success' } | { readonly kind: 'denied' | 'failed'; readonly code: ErrorCode };

/** What every event says. */
export interface AuditCircumstances {
  readonly requestId: string;
  /** RFC 3339, UTC, with milliseconds. */
  readonly recordedAt: string;
  readonly principal: AuditedPrincipal;
  /** The client's address, from trusted proxies where there are any. */
  readonly address: string;
}

/** A condition by its name in the schema's `ImageSetFilter`, without its values. */
export interface AuditedCondition {
  readonly field: string;
  /** Undefined where the search was refused before its filter was read. */
  readonly operator: 'EQUAL' | 'BETWEEN' | undefined;
  /** A keyed hash for each value; undefined without AUDIT_VALUES_KEY. */
  readonly valueHashes: readonly string[] | undefined;
}

/** One search: one field that lists image sets. */
export interface AuditedSearch {
  readonly kind: 'search';
  /** A configured data store; undefined where the client named another. */
  readonly datastoreId: string | undefined;
  readonly conditions: readonly AuditedCondition[];
  readonly sort: { readonly field: string; readonly order: string } | undefined;
  readonly first: number | undefined;
  /** Whether a cursor was given. */
  readonly continued: boolean;
  /** The image sets found, in order: the response has their DICOM tags. */
  readonly imageSetIds: readonly string[];
  readonly outcome: AuditOutcome;
}

/** An operation of HealthImaging, and what it read. */
export interface AuditedRead {
  readonly operation: string;
  /** Empty where the data store itself was read. */
  readonly imageSetIds: readonly string[];
}

/** The reads by identifier of one GraphQL operation in one data store that had the same outcome. */
export interface AuditedReads {
  readonly kind: 'read';
  readonly datastoreId: string | undefined;
  readonly reads: readonly AuditedRead[];
  readonly outcome: AuditOutcome;
}

/** An operation that was refused as a whole, before it was executed. */
export interface AuditedRefusal {
  readonly kind: 'refusal';
  readonly outcome: { readonly kind: 'denied'; readonly code: ErrorCode };
}

export type AuditedAction = AuditedSearch | AuditedReads | AuditedRefusal;

export type AuditEvent = AuditCircumstances & { readonly action: AuditedAction };

/**
 * Formats an event as one line of text, without its line end.
 * @param source how events name this server
 */
export type AuditForm = (event: AuditEvent, source: string) => string;

/** Faults of the gateway or its upstream rather than of the client: "serious" in PS3.15 and FHIR. */
const serious = /^(UPSTREAM_|INTERNAL_|AUDIT_|OVERLOADED)/;

/** EventOutcomeIndicator of PS3.15 A.5.1.1, and FHIR's audit-event-outcome. */
export function outcomeIndicator(outcome: AuditOutcome): '0' | '4' | '8' {
  if (outcome.kind === 'success') return '0';
  return serious.test(outcome.code) ? '8' : '4';
}

/** "denied: FORBIDDEN"; undefined for success. */
export function outcomeText(outcome: AuditOutcome): string | undefined {
  return outcome.kind === 'success' ? undefined : `${outcome.kind}: ${outcome.code}`;
}

/** The one patient that an event is about. */
export interface AuditedPatient {
  /** Undefined without AUDIT_VALUES_KEY. */
  readonly hash: string | undefined;
}

/** Undefined where neither the principal's confinement nor a condition names one patient. */
export function patientOf({ principal, action }: AuditEvent): AuditedPatient | undefined {
  if (principal.confinedTo !== undefined) return { hash: principal.confinedTo.patientHash };
  if (action.kind !== 'search') return undefined;
  const condition = action.conditions.find(({ field }) => field === 'patientId');
  return condition && { hash: condition.valueHashes?.[0] };
}
