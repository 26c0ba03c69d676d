import type { ErrorCode } from '../errors.ts';

/** Who asked: claims of the bearer token; all undefined without authentication, or where the token was refused. */
export interface AuditedPrincipal {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  /** Empty where there are no tenants. */
  readonly tenant: string;
  /** Whether everything is confined to one patient, and that patient's keyed hash where values are hashed. */
  readonly confinedTo: { readonly patientHash: string | undefined } | undefined;
}

export type AuditOutcome =
  { readonly kind: 'success' } | { readonly kind: 'denied' | 'failed'; readonly code: ErrorCode };

/** What all events say. */
export interface AuditCircumstances {
  readonly requestId: string;
  /** RFC 3339, UTC, with milliseconds. */
  readonly recordedAt: string;
  readonly principal: AuditedPrincipal;
  /** The client's address, as the proxies that are believed give it. */
  readonly address: string;
}

/** A condition by its name in the schema's `ImageSetFilter`; never its values. */
export interface AuditedCondition {
  readonly field: string;
  /** Undefined where the search was refused before it was understood. */
  readonly operator: 'EQUAL' | 'BETWEEN' | undefined;
  /** Keyed hashes, one a value; undefined without AUDIT_VALUES_KEY. */
  readonly valueHashes: readonly string[] | undefined;
}

/** One search: one field of the graph that lists image sets. */
export interface AuditedSearch {
  readonly kind: 'search';
  /** A configured data store; undefined where another one was asked for. */
  readonly datastoreId: string | undefined;
  readonly conditions: readonly AuditedCondition[];
  readonly sort: { readonly field: string; readonly order: string } | undefined;
  readonly first: number | undefined;
  /** Whether a cursor continued an earlier search. */
  readonly continued: boolean;
  /** The image sets that were found, in order: their tags are in the answer. */
  readonly imageSetIds: readonly string[];
  readonly outcome: AuditOutcome;
}

/** What was read of which image sets, or of the data store itself. */
export interface AuditedRead {
  readonly operation: string;
  /** Empty where it is the data store that was read. */
  readonly imageSetIds: readonly string[];
}

/** All reads by identifier of one GraphQL operation in one data store that ended the same way. */
export interface AuditedReads {
  readonly kind: 'read';
  readonly datastoreId: string | undefined;
  readonly reads: readonly AuditedRead[];
  readonly outcome: AuditOutcome;
}

/** An operation that was refused as a whole, before any of it was answered. */
export interface AuditedRefusal {
  readonly kind: 'refusal';
  readonly outcome: { readonly kind: 'denied'; readonly code: ErrorCode };
}

export type AuditedAction = AuditedSearch | AuditedReads | AuditedRefusal;

export type AuditEvent = AuditCircumstances & { readonly action: AuditedAction };

/** One line of text, without the line's end. `source` is how the events name this server. */
export type AuditForm = (event: AuditEvent, source: string) => string;

/** Faults of the gateway and of what is behind it, not of who asks: "serious" to PS3.15 and to FHIR. */
const serious = /^(UPSTREAM_|INTERNAL_|AUDIT_|OVERLOADED)/;

/** EventOutcomeIndicator of PS3.15 A.5.1.1, which FHIR's audit-event-outcome takes over. */
export function outcomeIndicator(outcome: AuditOutcome): '0' | '4' | '8' {
  if (outcome.kind === 'success') return '0';
  return serious.test(outcome.code) ? '8' : '4';
}

/** "denied: FORBIDDEN"; undefined for success. */
export function outcomeText(outcome: AuditOutcome): string | undefined {
  return outcome.kind === 'success' ? undefined : `${outcome.kind}: ${outcome.code}`;
}

/** The patient whom an event is about, as far as the gateway may say. */
export interface AuditedPatient {
  readonly hash: string | undefined;
}

/** Undefined where neither a confinement nor a condition names one patient. */
export function patientOf({ principal, action }: AuditEvent): AuditedPatient | undefined {
  if (principal.confinedTo !== undefined) return { hash: principal.confinedTo.patientHash };
  if (action.kind !== 'search') return undefined;
  const condition = action.conditions.find(({ field }) => field === 'patientId');
  return condition && { hash: condition.valueHashes?.[0] };
}
