import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { readLine } from '../../src/audit/log/chain.ts';
import { faultsOfDicom, faultsOfFhir, type FhirAuditEvent } from '../audit/formats/validFormats.ts';
import { graphUrl, startCli } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(90_000);

let directory: string;
let file: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audit-process-'));
  file = join(directory, 'audit.log');
  environment = {
    HEALTHIMAGING_DATA_DIR: join(directory, 'data'),
    PORT: '0',
    AUDIT: 'required',
    AUDIT_CHAIN_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
});
afterAll(() => rm(directory, { recursive: true }));

const search = JSON.stringify({
  query: '{ imageSets(first: 2) { nodes { imageSetId dicomTags { patientName } } } }',
});

/** Asks until nothing answers any more; the ids of those requests whose answers arrived whole. */
async function askOnAndOn(url: string, answered: string[], enough: () => void): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: search,
      });
      const { data } = (await response.json()) as { data?: object };
      if (data !== undefined) answered.push(response.headers.get('x-request-id') ?? '');
      if (answered.length >= 100) enough();
    } catch {
      return;
    }
  }
}

async function verify(...files: readonly string[]) {
  const { AUDIT_CHAIN_KEY = '' } = environment;
  const { code, stdout } = await startCli(['verify-audit', ...files], { AUDIT_CHAIN_KEY }).finished;
  return { code, told: stdout.replaceAll(directory, '') };
}

test('kill -9 in the middle of load loses no event of an answer that arrived, time after time', async () => {
  const answered: string[] = [];
  for (let turn = 1; turn <= 3; turn += 1) {
    const gateway = startCli(['serve'], { ...environment, AUDIT_FILE: file });
    const url = await gateway.printed(graphUrl);
    const ofThisTurn: string[] = [];
    let killed = false;
    const kill = (): void => {
      if (!killed) killed = gateway.child.kill('SIGKILL');
    };
    await Promise.all(Array.from({ length: 16 }, () => askOnAndOn(url, ofThisTurn, kill)));
    const { code } = await gateway.finished;
    expect([killed, code]).toEqual([true, null]);
    answered.push(...ofThisTurn);
  }
  // Goes on with what the last kill left.
  const gateway = startCli(['serve'], { ...environment, AUDIT_FILE: file });
  await gateway.printed(graphUrl);
  gateway.child.kill('SIGTERM');
  await gateway.finished;
  const recorded = new Map<string, number>();
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const text = readLine(line)?.text;
    if (text?.startsWith('{') !== true) continue;
    const { entity } = JSON.parse(text) as FhirAuditEvent;
    const requestId = entity.at(-1)?.what?.identifier?.value ?? '';
    recorded.set(requestId, (recorded.get(requestId) ?? 0) + 1);
  }
  expect(answered.length).toBeGreaterThanOrEqual(300);
  expect(answered.filter((requestId) => recorded.get(requestId) !== 1)).toEqual([]);
  expect((await verify(file)).code).toBe(0);
});

test('a file that another process appends to is refused at the start, and so is one whose chain is broken', async () => {
  const own = join(directory, 'held.log');
  const first = startCli(['serve'], { ...environment, AUDIT_FILE: own });
  await first.printed(graphUrl);
  const second = await startCli(['serve'], { ...environment, AUDIT_FILE: own }).finished;
  first.child.kill('SIGTERM');
  await first.finished;
  expect([second.code, second.stderr]).toEqual([
    2,
    expect.stringMatching(/AUDIT_FILE: expected a file .* that no other process appends to/),
  ]);
  const broken = join(directory, 'broken.log');
  await copyFile(file, broken);
  await copyFile(`${file}.head`, `${broken}.head`);
  await writeFile(broken, (await readFile(broken, 'utf8')).replace('"outcome":"0"', '"outcome":"4"'));
  const third = await startCli(['serve'], { ...environment, AUDIT_FILE: broken }).finished;
  expect([third.code, third.stderr]).toEqual([
    2,
    expect.stringContaining('AUDIT_FILE: expected a file whose end fits its chain'),
  ]);
});

test('verify-audit names the first bad line by its number, missing ends, and files that do not go on', async () => {
  const work = join(directory, 'verified.log');
  const gateway = startCli(['serve'], { ...environment, AUDIT_FILE: work });
  const url = await gateway.printed(graphUrl);
  const ask = () =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: search });
  await ask();
  await ask();
  await rename(work, `${work}.1`);
  await ask();
  gateway.child.kill('SIGTERM');
  await gateway.finished;
  expect(await verify(`${work}.1`, work)).toEqual({
    code: 0,
    told: '/verified.log.1: fits, from number 1 to 2\n/verified.log: fits, from number 3 to 3\n',
  });
  const old = await readFile(`${work}.1`, 'utf8');
  await writeFile(`${work}.1`, `${old.split('\n').slice(0, 2).join('\n')}\n`);
  expect(await verify(`${work}.1`, work)).toEqual({
    code: 1,
    told: '/verified.log.1: fits, from number 1 to 1\n/verified.log: line 1 does not go on from the file before\n',
  });
  const withoutKey = await startCli(['verify-audit', work]).finished;
  expect([withoutKey.code, withoutKey.stdout]).toEqual([
    1,
    expect.stringMatching(
      /: line 2 does not fit the chain\n[^]*\nAUDIT_CHAIN_KEY is not set: files made with a key do not fit without it\.\n$/,
    ),
  ]);
  const last = await readFile(work, 'utf8');
  await writeFile(work, last.replace('AuditEvent', 'AuditEvenT'));
  expect((await verify(work)).told).toContain('/verified.log: line 2 does not fit the chain\n');
  await writeFile(work, `${last.split('\n')[0] ?? ''}\n`);
  expect((await verify(work)).told).toBe(
    '/verified.log: the end does not fit the head: lines are missing, or were replaced\n',
  );
  const missing = await startCli(['verify-audit', join(directory, 'nothing')]).finished;
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringContaining(
      `FILE: expected files that can be read, which ${join(directory, 'nothing')} is not.`,
    ),
  ]);
});

test.each(['fhir', 'dicom'])(
  'on stdout, as %s, events are lines among those of the log',
  async (AUDIT_FORMAT) => {
    const gateway = startCli(['serve'], { ...environment, AUDIT_FORMAT, LOG_LEVEL: 'info' });
    const url = await gateway.printed(graphUrl);
    const headers = { 'content-type': 'application/json' };
    await (await fetch(url, { method: 'POST', headers, body: search })).json();
    gateway.child.kill('SIGTERM');
    const { stdout } = await gateway.finished;
    const mark = AUDIT_FORMAT === 'fhir' ? '{"resourceType":"AuditEvent"' : '<AuditMessage>';
    const events = stdout.split('\n').filter((line) => line.startsWith(mark));
    expect(events).toHaveLength(1);
    const faults = AUDIT_FORMAT === 'fhir' ? events.flatMap(faultsOfFhir) : await faultsOfDicom(events);
    expect(faults).toEqual([]);
  },
);
