import type { Principal } from '../auth/principal.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { AuditedAction, AuditEvent, AuditForm } from './auditEvent.ts';
import type { KeyedHash } from './keyedHash.ts';
import type { AuditLog } from './log/auditLog.ts';
import { createAuditRecorder, type AuditRecorder } from './recorder.ts';
import { createRefusalQuota } from './refusalQuota.ts';

/** What events say of the request. */
export interface AuditedRequest {
  readonly requestId: string;
  /** The client's. */
  readonly address: string;
  /** Undefined where the access token was refused. */
  readonly principal: Principal | undefined;
}

export interface Auditing {
  /** For one GraphQL operation. */
  recorder(): AuditRecorder;
  /**
   * Writes an event for each action; the response has to wait for it. Of refusals, those within a quota: of a flood the others
   * are counted.
   * @throws {GatewayError} AUDIT_UNAVAILABLE when events cannot be written and must be
   */
  write(request: AuditedRequest, actions: readonly AuditedAction[]): Promise<void>;
}

export interface AuditingOptions {
  readonly auditLog: AuditLog;
  readonly form: AuditForm;
  /** How events name this server. */
  readonly source: string;
  /** Whether a request is refused when its events cannot be written. */
  readonly required: boolean;
  readonly hash: KeyedHash | undefined;
  readonly datastoreIds: readonly string[];
  readonly log: Pick<Log, 'error'>;
  readonly countFailure: () => void;
  readonly countUnrecordedRefusal: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAuditing(options: AuditingOptions): Auditing {
  const { auditLog, form, source, required, hash, datastoreIds, log, countFailure, now } = options;
  const isWithinQuota = createRefusalQuota();
  const isToRecord = ({ kind }: AuditedAction, { principal, address }: AuditedRequest): boolean => {
    if (kind !== 'refusal') return true;
    const by = principal === undefined ? `address ${address}` : `principal ${principal.id}`;
    if (isWithinQuota(by)) return true;
    options.countUnrecordedRefusal();
    return false;
  };
  return {
    recorder: () => createAuditRecorder({ datastoreIds, hash }),
    async write(request, actions) {
      const recordedAt = new Date(now()).toISOString();
      const lines = actions
        .filter((action) => isToRecord(action, request))
        .map((action) => form(eventOf(request, action, { recordedAt, hash }), source));
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

/** A disk, or a reader of stdout, that hangs must not hold responses for ever. */
const longestWriteMs = 5_000;

async function inTime(writing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Writing audit events took too long.')), longestWriteMs);
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
