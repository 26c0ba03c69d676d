import type { FastifyRequest } from 'fastify';

import type { Auditing } from '../../audit/auditing.ts';
import { GatewayError } from '../../errors.ts';

export interface RefusalAuditOptions {
  /** Undefined: no audit events are recorded. */
  readonly auditing: Auditing | undefined;
}

/**
 * Records that a request was refused for its access token. The response waits until the event is written.
 * @throws {GatewayError} AUDIT_UNAVAILABLE when the event cannot be written and must be
 */
export function createRefusalAudit({ auditing }: RefusalAuditOptions) {
  return async ({ id: requestId, ip: address }: FastifyRequest, error: unknown): Promise<void> => {
    const isRefusal = error instanceof GatewayError && error.code === 'UNAUTHENTICATED';
    if (!isRefusal || auditing === undefined) return;
    const outcome = { kind: 'denied', code: error.code } as const;
    await auditing.write({ requestId, address, principal: undefined }, [{ kind: 'refusal', outcome }]);
  };
}
