import { globSync } from 'node:fs';
import { dirname } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { root } from './importGraph.ts';

const largestFolder = 12;
/** Of the bench's peers. */
const installed = ['**/node_modules'];

describe.each(['src', 'test', 'scripts'])('the folders of %s/', (top) => {
  test(`have at most ${largestFolder} files of code at their own level`, () => {
    const counts = new Map<string, number>();
    for (const file of globSync(`${top}/**/*.{ts,js}`, { cwd: root, exclude: installed })) {
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    }
    expect(counts.size).toBeGreaterThan(0);
    expect([...counts].filter(([, count]) => count > largestFolder)).toEqual([]);
  });
});

test('no file is a drawer for what has no place', () => {
  const drawers = globSync('{src,test,scripts}/**/{util,utils,helper,helpers,common,misc,shared}{,.ts,.js}', {
    cwd: root,
    exclude: installed,
  });
  expect(drawers).toEqual([]);
});
