import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';

import type { AuditedAction, AuditEvent, AuditForm } from '../audit/auditEvent.ts';
import type { AuditLog } from '../audit/log/auditLog.ts';
import type { KeyedHash } from '../audit/keyedHash.ts';
import type { Principal } from '../auth/principal.ts';
import { GatewayError, isErrorCode, type ErrorCode } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { createAuditRecorder, isDenial, type AuditRecorder } from './auditRecorder.ts';
import type { RequestContext } from './context.ts';

/** Who asked, from where; no principal where the token was refused. */
export interface AuditedRequest {
  readonly requestId: string;
  readonly address: string;
  readonly principal: Principal | undefined;
}

export interface Auditing {
  recorder(): AuditRecorder;
  /**
   * Writes the events of what was done, before the answer goes out.
   * @throws {GatewayError} AUDIT_UNAVAILABLE when they cannot be written and must be
   */
  write(request: AuditedRequest, actions: readonly AuditedAction[]): Promise<void>;
}

export interface AuditingOptions {
  readonly auditLog: AuditLog;
  readonly form: AuditForm;
  /** How events name this server. */
  readonly source: string;
  /** Whether what cannot be recorded is not answered. */
  readonly required: boolean;
  readonly hash: KeyedHash | undefined;
  readonly datastoreIds: readonly string[];
  readonly log: Pick<Log, 'error'>;
  readonly countFailure: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAuditing(options: AuditingOptions): Auditing {
  const { auditLog, form, source, required, hash, datastoreIds, log, countFailure, now } = options;
  return {
    recorder: () => createAuditRecorder({ datastoreIds, hash }),
    async write(request, actions) {
      const recordedAt = new Date(now()).toISOString();
      const lines = actions.map((action) => form(eventOf(request, action, { recordedAt, hash }), source));
      if (lines.length === 0) return;
      try {
        await inTime(auditLog.write(lines));
      } catch (cause) {
        countFailure();
        log.error({ err: cause, requestId: request.requestId }, 'audit events could not be written');
        if (required) throw new GatewayError('AUDIT_UNAVAILABLE', { cause });
      }
    },
  };
}

/** A disk or a reader of stdout that hangs must not hold every answer for ever. */
const longestWriteMs = 5_000;

async function inTime(writing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Writing took too long.')), longestWriteMs);
  });
  await Promise.race([writing, late]).finally(() => clearTimeout(timer));
}

function eventOf(
  { requestId, address, principal }: AuditedRequest,
  action: AuditedAction,
  { recordedAt, hash }: { readonly recordedAt: string; readonly hash: KeyedHash | undefined },
): AuditEvent {
  const patientId = principal?.grant.patientId;
  return {
    requestId,
    recordedAt,
    address,
    principal: {
      issuer: principal?.issuer,
      subject: principal?.subject,
      clientId: principal?.clientId,
      tenant: principal?.tenant ?? '',
      confinedTo: patientId === undefined ? undefined : { patientHash: hash?.('patientId', patientId) },
    },
    action,
  };
}

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Every answer waits until its events are written; one whose events must be written and cannot be is replaced. Operations
 * that were refused as a whole are an event of their own where the refusal is of whoever asks: authentication, scopes,
 * limits, cost, rate, safelist. Documents that could not be read or do not fit the schema ask for nobody's data.
 */
export function auditPlugin(
  auditing: Auditing,
  formatError: FormatError,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async willSendResponse({ contextValue, response }) {
          const { body } = response;
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
          const actions = [...(contextValue.audit?.actions() ?? [])];
          const refused = refusalOf(errors);
          if (refused !== undefined && !actions.some(({ outcome }) => isOutcome(outcome, refused)))
            actions.push({ kind: 'refusal', outcome: { kind: 'denied', code: refused } });
          try {
            await auditing.write(contextValue, actions);
          } catch (error) {
            response.http.status = 503;
            response.http.headers.set('retry-after', '1');
            response.body = {
              kind: 'single',
              singleResult: { errors: [formatError({ message: '' }, error)] },
            };
          }
        },
      }),
  };
}

function refusalOf(errors: readonly GraphQLFormattedError[]): ErrorCode | undefined {
  return errors
    .map(({ extensions }) => extensions?.['code'])
    .filter(isErrorCode)
    .find(isDenial);
}

function isOutcome(outcome: AuditedAction['outcome'], code: ErrorCode): boolean {
  return outcome.kind === 'denied' && outcome.code === code;
}
