import { Writable } from 'node:stream';

import { expect, jest, test } from '@jest/globals';

import { fhirAuditEvent } from '../../src/audit/formats/fhir.ts';
import { createStreamAuditLog } from '../../src/audit/log/streamAuditLog.ts';
import { createAuditing } from '../../src/audit/auditing.ts';
import { silentLog } from '../support/gateway/withLocal.ts';

const refusal = [{ kind: 'refusal', outcome: { kind: 'denied', code: 'UNAUTHENTICATED' } }] as const;
const request = { requestId: 'a-request', address: '192.0.2.1', principal: undefined };

function auditingTo(stream: Writable, failures: string[]) {
  return createAuditing({
    auditLog: createStreamAuditLog(stream),
    form: fhirAuditEvent,
    source: 'gateway',
    required: true,
    hash: undefined,
    datastoreIds: [],
    log: silentLog,
    countFailure: () => failures.push('failed'),
    countUnrecordedRefusal: () => undefined,
    now: Date.now,
  });
}

test('a stalled reader holds a response for five seconds, not for ever', async () => {
  jest.useFakeTimers();
  try {
    const failures: string[] = [];
    const stream = new Writable({ write: () => undefined });
    const written = auditingTo(stream, failures).write(request, refusal);
    const refused = expect(written).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await jest.advanceTimersByTimeAsync(5_000);
    await refused;
    expect(failures).toEqual(['failed']);
  } finally {
    jest.useRealTimers();
  }
});

test('a closed reader fails the write, and not the process', async () => {
  const failures: string[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const auditing = auditingTo(stream, failures);
  await expect(auditing.write(request, refusal)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  await expect(auditing.write(request, [])).resolves.toBeUndefined();
  expect(failures).toEqual(['failed']);
});
