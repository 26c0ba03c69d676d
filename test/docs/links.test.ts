import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';

import { describe, expect, test } from '@jest/globals';

import { documentAt, documents, root, type Document } from './documents.ts';

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf({ prose }: Document): string[] {
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** What the links and pictures of a document lead to, as written. */
function targetsOf({ prose }: Document): string[] {
  const text = prose.replaceAll(/`[^`\n]*`/g, 'code');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

const isRelative = (target: string) => !/^[a-z]+:/.test(target);

/** Path from the root of what a relative link leads to. */
function pathOf({ path }: Document, target: string): string {
  const [file = ''] = target.split('#');
  return file === '' ? path : normalize(join(dirname(path), file));
}

function isBroken(document: Document, target: string): boolean {
  const path = pathOf(document, target);
  if (!existsSync(join(root, path))) return true;
  const [, anchor] = target.split('#');
  return anchor !== undefined && !anchorsOf(documentAt(path)).includes(anchor);
}

const pages = documents.filter(({ path }) => path.startsWith('docs/') && path !== 'docs/README.md');
const linkedFrom = (document: Document) =>
  targetsOf(document)
    .filter(isRelative)
    .map((target) => pathOf(document, target));

describe('links', () => {
  test.each(documents.map((document) => [document.path, document] as const))(
    'of %s lead to what is there',
    (_path, document) => {
      const broken = targetsOf(document)
        .filter(isRelative)
        .filter((target) => isBroken(document, target));
      expect(broken).toEqual([]);
    },
  );

  test('to other sites are https', () => {
    const others = documents.flatMap(targetsOf).filter((target) => !isRelative(target));
    expect(others.filter((target) => !target.startsWith('https://'))).toEqual([]);
  });

  test('of the README and of the index lead to every page, and every page leads on', () => {
    const paths = pages.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(10);
    for (const start of ['README.md', 'docs/README.md'])
      expect(paths.filter((path) => !linkedFrom(documentAt(start)).includes(path))).toEqual([]);
    const deadEnds = pages.filter((page) => linkedFrom(page).every((path) => path === page.path));
    expect(deadEnds.map(({ path }) => path)).toEqual([]);
  });
});

test('the README is short, and its picture small', () => {
  expect(statSync(join(root, 'README.md')).size).toBeLessThanOrEqual(12 * 1024);
  expect(statSync(join(root, 'docs/explore-page.png')).size).toBeLessThanOrEqual(200_000);
});
