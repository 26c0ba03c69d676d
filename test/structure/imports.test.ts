import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

import { circles, importGraph, root } from './importGraph.ts';

/** Not imported by name: TypeScript has no types for it. */
async function layerTable(): Promise<{ layers: string[][]; island: { folder: string } }> {
  return (await import(join(root, 'eslint.layers.js'))) as { layers: string[][]; island: { folder: string } };
}

const source = importGraph('src');

describe('the imports of src/', () => {
  test('make no circle, type imports included', () => {
    expect(circles(source)).toEqual([]);
  });

  test('are held to layers that know every file, each once', async () => {
    const { layers, island } = await layerTable();
    const members = [...layers.flat(), island.folder].map((member) => posix.join('src', member));
    const owners = [...source.keys()].map((file) => ({
      file,
      layers: members.filter((member) => file === member || file.startsWith(`${member}/`)).length,
    }));
    expect(owners.filter((owner) => owner.layers !== 1)).toEqual([]);
    const unused = members.filter(
      (member) => ![...source.keys()].some((file) => `${file}/`.startsWith(`${member}/`)),
    );
    expect(unused).toEqual([]);
  });
});

describe('a file that many others import for its types', () => {
  /** Statements that leave something behind when types are stripped. */
  function valuesOf(file: string): string[] {
    const text = readFileSync(join(root, file), 'utf8');
    const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const isType = (statement: ts.Statement) =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      (ts.isImportDeclaration(statement) &&
        statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly);
    return statements.filter((statement) => !isType(statement)).map((statement) => statement.getText());
  }

  test.each(['src/graphql/context.ts', 'src/graphql/types/objects.ts'])('%s has nothing else', (file) => {
    expect(valuesOf(file)).toEqual([]);
  });
});

describe('circles of imports', () => {
  test('are found with the path that leads back', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', []],
      ['c', ['d']],
      ['d', ['b', 'c']],
      ['e', ['e']],
    ]);
    expect(circles(graph)).toEqual([
      ['c', 'd', 'c'],
      ['e', 'e'],
    ]);
  });
});
