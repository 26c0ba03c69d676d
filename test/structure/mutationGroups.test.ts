import { globSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { root } from './importGraph.ts';

type Groups = Readonly<
  Record<string, { readonly mutate: readonly string[]; readonly tests: readonly string[] }>
>;

// Not imported by name: TypeScript has no types for it.
const { groups } = (await import(join(root, 'test/mutation/groups.js'))) as { readonly groups: Groups };

/** A pattern for each alternative in braces: `{a,b}.ts` matches files when `a.ts` alone is there. */
function alternatives(pattern: string): string[] {
  const [, before = '', choices, after = ''] = /^(.*?)\{(.*?)\}(.*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => alternatives(before + choice + after));
}

test.each(Object.entries(groups))(
  'the mutation group %s names files that exist',
  (_name, { mutate, tests }) => {
    const patterns = [...mutate, ...tests].flatMap(alternatives);
    expect(patterns.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
  },
);
