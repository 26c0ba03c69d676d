import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { startCli } from '../support/process/cli.ts';

const { engines } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly engines: { readonly node: string };
};
const required = engines.node.replace('>=', '');
const [major = 0, minor = 0] = required.split('.').map(Number);

/** The command in a Node.js that calls itself so; test/e2e/packed.test.ts has real ones. */
const onNode = (version: string) => {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  return startCli(['schema', '--help'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
  }).finished;
};

test.each([`${major}.${minor - 1}.9`, `${major - 1}.${minor + 1}.0`])('too old: %s', async (version) => {
  expect(await onNode(version)).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: `healthimaging-graphql needs Node.js ${required} or later, but this is ${version}.\n`,
  });
});

test.each([`${major}.${minor}.0`, `${major + 1}.0.0`])('new enough: %s', async (version) => {
  expect(await onNode(version)).toMatchObject({ code: 0, stderr: '' });
});
