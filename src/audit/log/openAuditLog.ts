import { ConfigError, type Config } from '../../config/config.ts';
import { systemErrorCode } from '../../errors.ts';
import type { AuditLog } from './auditLog.ts';
import { BrokenChainError } from './chainFile.ts';
import { createFileAuditLog } from './fileAuditLog.ts';
import { createStreamAuditLog } from './streamAuditLog.ts';

/**
 * Opens the audit log that the settings name: a file, or else stdout.
 * @throws {ConfigError} for a file that cannot be appended to, that another process holds, or whose chain is broken
 */
export async function openAuditLog({
  file,
  chainKey,
}: Pick<Config['audit'], 'file' | 'chainKey'>): Promise<AuditLog> {
  if (file === undefined) return createStreamAuditLog(process.stdout);
  try {
    return await createFileAuditLog(file, chainKey);
  } catch (error) {
    throw new ConfigError([faultOf(error)]);
  }
}

function faultOf(error: unknown): string {
  if (error instanceof BrokenChainError) {
    return 'AUDIT_FILE: expected a file whose end fits its chain and its head, made with this AUDIT_CHAIN_KEY. Keep it, move it away, and see `verify-audit`.';
  }
  if (systemErrorCode(error) === 'ERR_SQLITE_ERROR') {
    return 'AUDIT_FILE: expected a file in a folder that can be written to, and that no other process appends to.';
  }
  return 'AUDIT_FILE: expected a file that can be created or appended to.';
}
