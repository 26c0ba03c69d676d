import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { graphUrl, startCli, startNpm } from '../support/process/cli.ts';

/** Processes take their time to start where other tests keep the machine busy. */
jest.setTimeout(60_000);

let directory: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'settings-process-'));
  environment = { HEALTHIMAGING_DATA_DIR: join(directory, 'data'), PORT: '0' };
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const unmeant = {
  AUTH_ISUER: 'https://issuer.example',
  PROT: '5000',
  AUDIT_FILE: 'events',
  NODE_ENV: 'prod',
  HEALTHIMAGING_GRAPHQL_PORT: 'tcp://10.0.0.1:4000',
};
const sentences = [
  'AUTH_ISUER is not a setting; AUTH_ISSUER is.',
  'PROT is not a setting; PORT is.',
  'AUDIT_FILE has no effect: AUDIT is off unless it is set, since AUTH_ISSUER is not set.',
  'NODE_ENV is not `production`, although close to it: the explore page and introspection are on unless set.',
];

interface Line {
  readonly level: number;
  readonly msg: string;
}

function warningsIn(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ level }) => level === 40)
    .map(({ msg }) => msg);
}

describe('settings that cannot be meant', () => {
  test('are warned of in the log, each by name, and serve starts', async () => {
    const gateway = startNpm('start', [], { ...environment, ...unmeant });
    try {
      await gateway.printed(graphUrl);
      gateway.child.kill('SIGTERM');
      const { code, stdout } = await gateway.finished;
      expect([code, warningsIn(stdout)]).toEqual([0, sentences]);
      expect(stdout).not.toContain('issuer.example');
    } finally {
      gateway.end();
    }
  });

  test('end the start with SETTINGS=strict: exit code 2, all named', async () => {
    const { code, stdout, stderr } = await startCli(['serve'], {
      ...environment,
      ...unmeant,
      SETTINGS: 'strict',
    }).finished;
    const form = ['The settings cannot be used:', ...sentences.map((sentence) => `  ${sentence}`), ''];
    expect([code, stdout, stderr]).toEqual([2, '', form.join('\n')]);
  });

  test.each([
    ['import', [tmpdir()]],
    ['local', []],
    ['verify-audit', [tmpdir()]],
  ])('%s has an eye on misspelt names only', async (command, words) => {
    const { code, stderr } = await startCli([command, ...words], {
      ...environment,
      ...unmeant,
      SETTINGS: 'strict',
    }).finished;
    expect([code, stderr]).toEqual([
      2,
      ['The settings cannot be used:', ...sentences.slice(0, 2).map((each) => `  ${each}`), ''].join('\n'),
    ]);
  });

  test('are none where nothing is set', async () => {
    const gateway = startCli(['serve'], environment);
    await gateway.printed(graphUrl);
    gateway.child.kill('SIGTERM');
    const { code, stdout } = await gateway.finished;
    expect([code, warningsIn(stdout)]).toEqual([0, []]);
  });
});
