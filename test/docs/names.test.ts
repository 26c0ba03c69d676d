import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { isEnumType } from 'graphql';

import { settings } from '../../src/config/config.ts';
import { errorTable } from '../../src/errors.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { blocksOf, documents, root } from './documents.ts';

/** Names in capitals that are neither settings, nor error codes, nor values of the schema. */
const others = [
  'AUTH_ISUER',
  'AUTH_PORT_80_TCP_ADDR',
  'AUTH_SERVICE_HOST',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_DISABLE_HOST_PREFIX_INJECTION',
  'AWS_PROFILE',
  'AWS_SECRET_ACCESS_KEY',
  'INCONSISTENT_DESCRIPTION',
  'NODE_OPTIONS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_LOGS_EXPORTER',
  'OTEL_NODE_ENABLED_INSTRUMENTATIONS',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_EXPORTER',
];

/** The changelog may name what is no longer. */
const current = documents.filter(({ path }) => path !== 'CHANGELOG.md');

const settingNames = new Set<string>(Object.values(settings).map(({ name }) => name));
const enumValues = Object.values(buildSchema().getTypeMap())
  .filter(isEnumType)
  .flatMap((type) => type.getValues().map(({ name }) => name));

/** `test/{one,two}` as two. */
function alternatives(name: string): string[] {
  const [, start = '', inside = '', end = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(name) ?? [];
  return inside === '' ? [name.replace(/\/$/, '')] : inside.split(',').map((each) => start + each + end);
}

describe('names in the documents', () => {
  const named = current.flatMap(({ text }) => [...text.matchAll(/\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b(?!_?\*)/g)]);
  const names = [...new Set(named.map(([name]) => name))];

  test('in capitals are settings, error codes, values of the schema, or listed here', () => {
    const known = new Set([...settingNames, ...Object.keys(errorTable), ...enumValues, ...others]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(others.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('with a star stand for settings', () => {
    const prefixes = current.flatMap(({ text }) => [...text.matchAll(/\b([A-Z][A-Z_]*_)(\*)(\w*)/g)]);
    expect(prefixes.length).toBeGreaterThan(0);
    for (const [, start = '', , end = ''] of prefixes) {
      const matches = [...settingNames].filter((name) => name.startsWith(start) && name.endsWith(end));
      expect([`${start}*${end}`, matches.length > 1]).toEqual([`${start}*${end}`, true]);
    }
  });

  test('of npm scripts are scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const used = current.flatMap(({ text }) => [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)]);
    expect(used.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('of files, in backticks, exist', () => {
    const paths = current.flatMap(({ prose }) =>
      [...prose.matchAll(/`((?:docs|examples|src|test|schema)\/[^\s`]*)`/g)].flatMap(([, name = '']) =>
        alternatives(name),
      ),
    );
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => globSync(`${path}*`, { cwd: root }).length === 0)).toEqual([]);
  });

  test('of test paths behind npm run test:jest are paths of tests', () => {
    const commands = current.flatMap(({ text }) => [...text.matchAll(/npm run test:jest -- ([\w/. -]+)/g)]);
    const paths = commands
      .flatMap(([, words = '']) => words.trim().split(' '))
      .filter((word) => !word.startsWith('-'));
    expect(paths.filter((path) => globSync(`${path}*`, { cwd: root }).length === 0)).toEqual([]);
  });
});

test('JSON in the documents is JSON', () => {
  for (const { text } of blocksOf('json')) expect(() => JSON.parse(text) as unknown).not.toThrow();
});
