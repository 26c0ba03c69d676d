import { expect, test } from '@jest/globals';
import { type Metric } from 'prom-client';

import { helpText } from '../../src/commands/flags.ts';
import { importCommand, importExitCodes } from '../../src/commands/import.ts';
import { settings } from '../../src/config/config.ts';
import { errorTable } from '../../src/errors.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { documentAt, tableRows } from './documents.ts';

test('docs/settings.md has the settings of the code, in their order', () => {
  const expected = settings.map(({ name, shown, meaning }) => [`\`${name}\``, shown, meaning]);
  expect(tableRows(documentAt('docs/settings.md'), 'name')).toEqual(expected);
});

test('docs/operations.md has the exit codes of import, and so has its help', () => {
  expect(tableRows(documentAt('docs/operations.md'), 'exit code')).toEqual(importExitCodes);
  const help = helpText(importCommand.commandLine);
  for (const [codes, meaning] of importExitCodes)
    expect(help).toContain(`\n  ${codes.padEnd(8)}  ${meaning}\n`);
});

test('docs/errors.md has the table of the code', () => {
  const expected = Object.entries(errorTable).map(([code, entry]) => [
    `\`${code}\``,
    entry.retryable ? 'yes' : 'no',
    'status' in entry ? `${entry.status}` : '200',
    entry.message,
  ]);
  expect(tableRows(documentAt('docs/errors.md'), 'code')).toEqual(expected);
});

test('docs/operations.md has every metric of our own, with its labels', () => {
  // prom-client's types leave out what its metrics have.
  const metrics = createMetrics().registry.getMetricsAsArray() as unknown as readonly (Metric & {
    readonly name: string;
    readonly help: string;
    readonly labelNames: readonly string[];
  })[];
  const expected = metrics
    .filter(({ name }) => name.startsWith('healthimaging_graphql_'))
    .map(({ name, help, labelNames }) => [
      `\`${name}\``,
      labelNames.map((label) => `\`${label}\``).join(', '),
      help,
    ]);
  expect(tableRows(documentAt('docs/operations.md'), 'metric')).toEqual(expected);
});
