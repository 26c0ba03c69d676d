import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ListDatastoresCommand, MedicalImagingClient } from '@aws-sdk/client-medical-imaging';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startCli } from '../support/process/cli.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('local checks signatures, lets a page ask, and throttles, as its flags say', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDSYNTHETIC', AWS_SECRET_ACCESS_KEY: 'synthetic' };
  const origin = 'http://localhost:3000';
  const words = ['local', '--port', '0', '--check-signatures', '--cors-origin', origin, '--throttle'];
  const local = startCli(words, { HEALTHIMAGING_DATA_DIR: directory, ...keys });
  const endpoint = await local.printed(/The local HealthImaging: ([^ ,]+)/);
  const clientWith = (secretAccessKey: string) =>
    new MedicalImagingClient({
      ...{ endpoint, region: 'us-east-1', disableHostPrefix: true, maxAttempts: 1 },
      credentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey },
    });
  const list = (secretAccessKey: string) => clientWith(secretAccessKey).send(new ListDatastoresCommand({}));
  expect((await list(keys.AWS_SECRET_ACCESS_KEY)).datastoreSummaries).toHaveLength(1);
  await expect(list('other')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  const headers = { origin, 'access-control-request-method': 'GET' };
  const preflight = await fetch(`${endpoint}/datastore`, { method: 'OPTIONS', headers });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  const calls = await Promise.allSettled(Array.from({ length: 15 }, () => list(keys.AWS_SECRET_ACCESS_KEY)));
  expect(calls).toContainEqual(
    expect.objectContaining({ reason: expect.objectContaining({ name: 'ThrottlingException' }) as unknown }),
  );
  local.child.kill('SIGTERM');
  const { code, stdout } = await local.finished;
  expect(code).toBe(0);
  // Neither the keys, nor an example with others, which would be refused.
  expect(stdout).not.toMatch(/AWS_SECRET_ACCESS_KEY|AKIDSYNTHETIC|synthetic$/);
});
