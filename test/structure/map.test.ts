import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from '@jest/globals';

import { root } from './importGraph.ts';

/** Of a README: `name.ts`, `folder/` and `folder/name.ts`, also as `{one,two}` or with a star. */
function namedIn(text: string): string[] {
  const names = text.matchAll(/`((?:[\w.*{},-]+\/)*(?:[\w*{},-]+\.ts|[\w*-]+\/))`/g);
  return [...names].map(([, name = '']) => name.replace(/\/$/, ''));
}

test.each(globSync('src/**/README.md', { cwd: root }))('%s names files and folders that exist', (readme) => {
  const names = namedIn(readFileSync(join(root, readme), 'utf8'));
  const missing = names.filter(
    (name) =>
      globSync(name, { cwd: root }).length === 0 &&
      globSync(`${dirname(readme)}/**/${name}`, { cwd: root }).length === 0 &&
      globSync(`{src,test}/**/${name}`, { cwd: root }).length === 0,
  );
  expect(names.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});

test('every folder of src has its place on the map', () => {
  const map = namedIn(readFileSync(join(root, 'src/README.md'), 'utf8'));
  const folders = globSync('src/*/', { cwd: root }).map((folder) => folder.replace(/^src\/|\/$/g, ''));
  expect(folders.filter((folder) => !map.some((name) => name.split('/')[0] === folder))).toEqual([]);
});
