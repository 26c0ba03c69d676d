import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

import { settings } from '../src/config.ts';
import { errorTable } from '../src/errors.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function rowsOf(section: string): string[][] {
  const text = readme.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

test('the settings table of the README is the table of the code', () => {
  const expected = Object.values(settings).map(({ name, shown, meaning }) => [`\`${name}\``, shown, meaning]);
  expect(rowsOf('Settings')).toEqual(expected);
});

test('the errors table of the README is the table of the code', () => {
  const expected = Object.entries(errorTable).map(([code, { retryable, message }]) => [
    `\`${code}\``,
    retryable ? 'yes' : 'no',
    message,
  ]);
  expect(rowsOf('Errors')).toEqual(expected);
});
