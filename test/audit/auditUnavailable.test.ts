import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Environment } from '../../src/config/config.ts';
import {
  staff,
  startAuditedGateway,
  withAuditedImageSets,
  type AuditedGateway,
} from '../support/gateway/auditedGateway.ts';
import type { Local } from '../support/gateway/withLocal.ts';

let local: Local;
let folder: string;
let file: string;
let gateways: AuditedGateway[];

beforeAll(async () => {
  local = await withAuditedImageSets();
});
afterAll(() => local.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  file = join(folder, 'audit.log');
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function start(environment: Environment = {}): Promise<AuditedGateway> {
  const gateway = await startAuditedGateway(local, file, environment);
  gateways.push(gateway);
  return gateway;
}

describe.each(['required', 'on'] as const)('AUDIT=%s, and events cannot be written:', (AUDIT) => {
  const search = '{ imageSets { nodes { dicomTags { patientName } } } }';
  const failures: Readonly<Record<string, { before?: () => Promise<void>; then?: () => Promise<void> }>> = {
    'a full disk': { before: () => symlink('/dev/full', file) },
    'a folder that is gone': { then: () => rename(folder, `${folder}.away`) },
    'a file that another one took the place of, on a full disk': {
      async then() {
        await rm(file, { force: true });
        await symlink('/dev/full', file);
      },
    },
  };
  test.each(Object.keys(failures))('%s', async (name) => {
    const { before, then } = failures[name] ?? {};
    await before?.();
    const gateway = await start({ AUDIT });
    if (then !== undefined) {
      const answer = await gateway.query(search, {}, gateway.as(staff));
      expect(answer.body.errors).toBeUndefined();
      await then();
    }
    const answers = [await gateway.query(search, {}, gateway.as(staff)), await gateway.query(search)];
    const ready = await fetch(gateway.url.replace('/graphql', '/readyz'));
    if (AUDIT === 'required') {
      for (const { status, headers, body } of answers) {
        expect([status, headers.get('retry-after')]).toEqual([503, '1']);
        expect(body).toEqual({
          errors: [
            {
              message: expect.stringContaining('recorded'),
              extensions: {
                code: 'AUDIT_UNAVAILABLE',
                retryable: true,
                requestId: headers.get('x-request-id'),
              },
            },
          ],
        });
      }
      expect([ready.status, await ready.json()]).toEqual([503, { status: 'audit unavailable' }]);
      // An operation that asks for nobody's data needs no event.
      expect((await gateway.query('{ __typename }', {}, gateway.as(staff))).status).toBe(200);
    } else {
      expect(answers.map(({ status }) => status)).toEqual([200, 401]);
      expect(JSON.stringify(answers[0]?.body)).toContain('CANARY-NAME');
      expect(ready.status).toBe(200);
    }
    const metrics = await (await fetch(gateway.url.replace('/graphql', '/metrics'))).text();
    expect(/audit_failures_total (\d+)/.exec(metrics)?.[1]).toBe('2');
    await rename(`${folder}.away`, folder).catch(() => undefined);
  });
});
