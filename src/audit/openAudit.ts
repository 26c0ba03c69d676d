import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { createAuditing, type Auditing } from './auditing.ts';
import { dicomAuditMessage } from './formats/dicom.ts';
import { fhirAuditEvent } from './formats/fhir.ts';
import { createKeyedHash } from './keyedHash.ts';
import { openAuditLog } from './log/openAuditLog.ts';

export interface AuditDependencies {
  /** Whether principals are authenticated: where no mode is set, that decides whether events are recorded. */
  readonly isAuthenticated: boolean;
  /** The configured data stores. */
  readonly datastoreIds: readonly string[];
  readonly log: Pick<Log, 'error'>;
  readonly metrics: { countAuditFailure(): void; countUnrecordedRefusal(): void };
}

export interface Audit {
  readonly auditing: Auditing;
  /** Whether requests can be answered: false while events must be recorded and cannot be. */
  readonly isWritable: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/**
 * Undefined where no events are recorded.
 * @throws {ConfigError} for a file that cannot be used
 */
export async function openAudit(
  { mode, format, file, chainKey, valuesKey, source }: Config['audit'],
  { isAuthenticated, datastoreIds, log, metrics }: AuditDependencies,
): Promise<Audit | undefined> {
  if ((mode ?? (isAuthenticated ? 'on' : 'off')) === 'off') return undefined;
  const auditLog = await openAuditLog({ file, chainKey });
  const required = mode === 'required';
  return {
    auditing: createAuditing({
      auditLog,
      form: format === 'dicom' ? dicomAuditMessage : fhirAuditEvent,
      source,
      required,
      hash: valuesKey && createKeyedHash(valuesKey),
      datastoreIds,
      log,
      countFailure: () => metrics.countAuditFailure(),
      countUnrecordedRefusal: () => metrics.countUnrecordedRefusal(),
      now: Date.now,
    }),
    isWritable: () => (required ? auditLog.isWritable() : Promise.resolve(true)),
    close: () => auditLog.close(),
  };
}
