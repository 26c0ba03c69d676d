/**
 * Mutation testing of what guards patients' data: `npm run test:mutation`, or `npm run test:mutation -- cursor auth` for
 * some of the groups. A mutant whose code and tests have not changed keeps its result of the last run (reports/mutation).
 * Fails where a group comes to less than 85 %.
 */
import { Console } from 'node:console';
import { relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

import { Stryker } from '@stryker-mutator/core';

import { groups } from './groups.js';

const least = 85;
const root = fileURLToPath(new URL('../../', import.meta.url));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(groups, name));
if (unknown.length > 0) throw new RangeError(`expected groups among ${Object.keys(groups).join(', ')}`);

/** @param {readonly import('@stryker-mutator/api/core').MutantResult[]} mutants */
function scoreOf(mutants) {
  /** @param {readonly string[]} statuses */
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const detected = count('Killed', 'Timeout');
  const undetected = count('Survived', 'NoCoverage');
  const score = (100 * detected) / (detected + undetected);
  const others = mutants.length - detected - undetected;
  const timedOut = count('Timeout');
  return { score, row: { score: score.toFixed(1), detected, timedOut, undetected, others } };
}

/** @type {Record<string, ReturnType<typeof scoreOf>['row']>} */
const table = {};
/** @type {import('@stryker-mutator/api/core').MutantResult[]} */
const all = [];
for (const [name, { mutate, tests }] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const mutants = await new Stryker({
    configFile: 'test/mutation/stryker.config.js',
    mutate: [...mutate],
    jest: {
      config: {
        testMatch: tests.map((each) => `<rootDir>/${each}`),
        globals: { fewPropertyRuns: true },
      },
    },
    incrementalFile: `reports/mutation/${name}.json`,
  }).runMutationTest();
  all.push(...mutants);
  for (const [file = '', own = []] of Map.groupBy(mutants, ({ fileName }) => fileName)) {
    table[relative(root, file)] = scoreOf(own).row;
  }
  const { score, row } = scoreOf(mutants);
  table[`${name}, ${Math.round((performance.now() - start) / 1_000)} s`] = row;
  if (!(score >= least)) process.exitCode = 1;
}
table['all'] = scoreOf(all).row;
new Console(process.stdout).table(table);
